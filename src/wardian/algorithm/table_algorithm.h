#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "wardian/base/result.h"
#include "wardian/columnar/batch.h"

namespace wardian::algorithm {

/// What a run may take, and who may end it.
struct RunBounds {
  /// Of the run's own state; what it gives out may lie on disk.
  std::uint64_t memory_bytes_max = UINT64_MAX;
  /// An error once the request is cancelled or out of time. Cheap: asked every few thousand steps, also where no row comes or goes.
  std::function<Status()> may_go_on = [] { return Status(); };
};

/// Begins to read one input from its first row. Inputs are read one at a time: an earlier stream ends with the next call. A stream's
/// texts live as long as their batch is held.
using OpenInput = std::function<Result<std::unique_ptr<columnar::BatchStream>>()>;

/// Rows made of the rows of other tables. Immutable, and run by any number of requests at once: the state of a run belongs to the
/// stream it gives.
class TableAlgorithm {
 public:
  TableAlgorithm() = default;
  TableAlgorithm(const TableAlgorithm&) = delete;
  TableAlgorithm& operator=(const TableAlgorithm&) = delete;
  virtual ~TableAlgorithm() = default;

  /// As explain shows it: "scan, 3 steps".
  virtual std::string describe() const = 0;

  /// `inputs`: those of the plan's node, in their order, with the schemas that the binder gave it; rows of a serialized input come in its
  /// order. The result has the node's schema; its rows keep their order. `inputs` and `bounds` outlive the stream. Errors: without a
  /// span they get the call's.
  virtual Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const OpenInput> inputs,
                                                             const RunBounds& bounds) const = 0;

  /// The same done for each group of rows apart: its one input has `further` more columns at its end, the first `ids` of which tell the
  /// groups apart, and rows of a group stand together; the result has these columns at its end as well. Null: a table as a whole only.
  virtual std::shared_ptr<const TableAlgorithm> for_groups(std::size_t ids, std::size_t further) const {
    static_cast<void>(ids);
    static_cast<void>(further);
    return nullptr;
  }
};

}  // namespace wardian::algorithm

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/columnar/type.h"

namespace wardian::columnar {

__extension__ using Int128 = __int128;

/// A view of one column of a batch; nothing is owned.
/// Values: boolean uint8 (0 or 1); int32; int64, datetime and timespan int64; real double; decimal Int128 with
/// `decimal_scale` digits after the point; string, dynamic (JSON text) and guid (lower-case text) string_view.
/// Validity: bit i (least significant first) is 1 where row i holds a value; an empty span means no nulls.
/// Values under a null are unspecified but readable.
struct ColumnView {
  Type type = Type::dynamic;
  std::uint8_t decimal_scale = 0;
  std::span<const std::uint64_t> validity;
  std::variant<std::span<const std::uint8_t>, std::span<const std::int32_t>, std::span<const std::int64_t>,
               std::span<const double>, std::span<const Int128>, std::span<const std::string_view>>
      values;

  bool is_valid(std::size_t row) const { return validity.empty() || ((validity[row / 64] >> (row % 64)) & 1U) != 0; }
};

/// Some rows of a table. The views live as long as `owner`.
struct Batch {
  std::size_t rows = 0;
  std::vector<ColumnView> columns;
  std::shared_ptr<const void> owner;
};

/// Batches in order, each at most once; the schema is known before the first.
class BatchStream {
 public:
  virtual ~BatchStream() = default;
  virtual const Schema& schema() const = 0;
  /// The next batch, or nullopt at the end. A batch from an earlier call stays readable while it is held.
  virtual Result<std::optional<Batch>> next() = 0;
};

}  // namespace wardian::columnar

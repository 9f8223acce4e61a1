#pragma once

#include <memory>
#include <optional>
#include <string>

#include "wardian/columnar/batch.h"
#include "wardian/plan/node.h"

namespace wardian::session {

/// One result of a request. Its stream is read before the next result is asked for.
struct ResultTable {
  std::string name;
  columnar::Schema schema;
  std::optional<plan::Rendering> rendering;
  std::unique_ptr<columnar::BatchStream> rows;
};

/// The results of one request, in order, each computed when it is asked for. Holds the request's connection and
/// transaction; temporary tables and frames go with it.
class Answer {
 public:
  virtual ~Answer() = default;
  /// The next result, or nullopt after the last.
  virtual Result<std::optional<ResultTable>> next() = 0;
};

}  // namespace wardian::session

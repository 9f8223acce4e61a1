#pragma once

#include <memory>
#include <optional>
#include <string>

#include "wardian/columnar/batch.h"
#include "wardian/plan/node.h"
#include "wardian/pyrun/extras.h"

namespace wardian::session {

/// One result of a request. Its stream is read before the next result is asked for.
struct ResultTable {
  std::string name;
  columnar::Schema schema;
  std::optional<plan::Rendering> rendering;
  std::unique_ptr<columnar::BatchStream> rows;
};

/// An output of a script. `kept`: it is a blob that the database folder has now.
struct LeftOutput {
  pyrun::Extra extra;
  bool kept = false;
};

/// The results of one request, in order, each computed when it is asked for. Holds the request's connection and
/// transaction; temporary tables and frames go with it.
class Answer {
 public:
  virtual ~Answer() = default;
  /// The next result, or nullopt after the last.
  virtual Result<std::optional<ResultTable>> next() = 0;
  /// What scripts have left beside their frames, each under a name of its own, in the order of the calls. To be asked for once, when no
  /// more results are wanted: only then blobs are kept, where the request asks for that, all of them or none but those before an error.
  virtual Result<std::vector<LeftOutput>> outputs() = 0;
};

}  // namespace wardian::session

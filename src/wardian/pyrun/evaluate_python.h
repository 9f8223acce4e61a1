#pragma once

#include <memory>
#include <string>
#include <vector>

#include "wardian/pyrun/runner.h"
#include "wardian/pyrun/sent_call.h"

namespace wardian::pyrun {

/// `T | evaluate [hint.distribution=…] python(output_schema, script [, kargs [, external_artifacts …]])`.
struct EvaluatePython {
  std::string script;
  std::string arguments_json = {};  // kargs, one JSON object; empty for none
  columnar::Schema result = {};     // what typeof(…) declares
  bool per_node = false;            // one call for each core's share of the rows, in parallel
  std::vector<FileInput> files = {};
  std::string dtypes = {};            // as Call::dtypes
  std::vector<BlobInput> blobs = {};  // what kargs holds by reference
};

/// Limits and surroundings, the same for all calls of a request.
struct RunSettings {
  sandbox::Policy policy;
  std::optional<std::chrono::steady_clock::time_point> deadline;
  const process::CancelToken* cancel = nullptr;
  std::function<void(sandbox::ConsoleStream, std::string_view)> on_console;  // from several threads with per_node
  std::function<Status(const SentCall&)> on_send = {};                       // likewise
  std::function<void(const Profile&)> on_profile = {};                       // likewise
};

struct EvaluateOutcome {
  /// At least one; of the declared schema, in the order of the shares of the input.
  std::vector<std::shared_ptr<const columnar::Frame>> frames;
  std::vector<Extra> extras;   // what the calls left beside, in the same order; their names may be alike
  std::vector<Outcome> calls;  // console and usage of each, without outputs
};

/// The call of one script, without its table. For the adapters of this folder.
Call call_of(const EvaluatePython& python, const RunSettings& settings);

/// Hands `input` to the script as `df` (with `kargs`, `np`, `pd`) and takes `result`. Errors: those of Runner::run and of
/// the stream.
Result<EvaluateOutcome> evaluate_python(const Runner& runner, const EvaluatePython& python, columnar::BatchStream& input,
                                        const RunSettings& settings);
/// Likewise over a table that is in sealed memory already.
Result<EvaluateOutcome> evaluate_python(const Runner& runner, const EvaluatePython& python,
                                        std::shared_ptr<const SealedFrame> input, const RunSettings& settings);

}  // namespace wardian::pyrun

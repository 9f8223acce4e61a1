#pragma once

#include <filesystem>

#include "wardian/pyrun/evaluate_python.h"

namespace wardian::pyrun {

/// Where a script that takes batches has them from, and where its result goes.
struct BatchSettings {
  std::uint64_t batch_rows = 1;
  std::filesystem::path spill_folder;  // the result is kept there, in a file without a name
  std::function<Status(const std::shared_ptr<const SealedFrame>&, const Call&)> on_batch =
      {};                           // told each; an error ends the call
  std::function<void()> interrupt;  // ends what `input` is doing, when nobody will want it any more because the call failed
};

/// As evaluate_python, for a script that takes `input` in batches: neither side holds more of it than two, nor more of the result
/// than a piece. Errors: also those of the stream, disk_full.
Result<EvaluateOutcome> evaluate_batches(const Runner& runner, const EvaluatePython& python, columnar::BatchStream& input,
                                         const BatchSettings& batches, const RunSettings& settings);

}  // namespace wardian::pyrun

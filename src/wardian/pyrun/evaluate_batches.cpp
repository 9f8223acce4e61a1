#include "wardian/pyrun/evaluate_batches.h"

#include "wardian/pyrun/batch_exchange.h"

namespace wardian::pyrun {

Result<EvaluateOutcome> evaluate_batches(const Runner& runner, const EvaluatePython& python, columnar::BatchStream& input,
                                         const BatchSettings& batches, const RunSettings& settings) {
  WARDIAN_ASSIGN(SpooledFrames pieces, SpooledFrames::create(batches.spill_folder, python.result, {}));
  WARDIAN_ASSIGN(std::unique_ptr<BatchFeed> feed, BatchFeed::start(input, {.batch_rows = batches.batch_rows,
                                                                           .batch_bytes_max = settings.policy.memory_bytes_max,
                                                                           .dtypes = python.dtypes,
                                                                           .memory = [&runner] { return runner.memory(); }}));
  BatchExchange exchange("df", std::move(feed), std::move(pieces));
  Call call = call_of(python, settings);
  call.batches = &exchange;
  if (batches.on_batch) exchange.on_batch([&](const auto& batch) { return batches.on_batch(batch, call); });
  Result<Outcome> ran = runner.run(call);
  if (!ran.ok()) {
    if (batches.interrupt) batches.interrupt();
    return std::move(ran).error();
  }
  EvaluateOutcome outcome;
  outcome.frames = exchange.pieces().frames();
  if (auto* extras = std::get_if<std::vector<Extra>>(&ran->outputs.back())) outcome.extras = std::move(*extras);
  ran->outputs.clear();
  outcome.calls.push_back(std::move(*ran));
  return outcome;
}

}  // namespace wardian::pyrun

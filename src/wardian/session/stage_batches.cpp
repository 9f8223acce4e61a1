// A Python stage whose script takes its rows in batches, while the engine still makes them.
#include "wardian/pyrun/evaluate_batches.h"
#include "wardian/session/stage_run.h"
#include "wardian/sqltree/printer.h"

namespace wardian::session {

Status StageRun::run_batches(const plan::Stage& stage, const pyrun::Runner& runner, const pyrun::EvaluatePython& python,
                             const pyrun::RunSettings& settings) {
  say(stage.output + ", Python by batches", true);
  WARDIAN_ASSIGN(const auto rows, connection_.query(sqltree::print(*stage.input.query), stage.input.schema));
  const pyrun::BatchSettings batches{.batch_rows = *stage.python->batch_rows,
                                     .spill_folder = spill_folder_,
                                     // Ends the transaction too, so not where the script merely had enough.
                                     .interrupt = [this] { connection_.interrupt(); }};
  auto outcome = pyrun::evaluate_batches(runner, python, *rows, batches, settings);
  if (!outcome.ok()) {
    Error error = std::move(outcome).error();
    if (!error.span) error.span = stage.python->span;
    return error;
  }
  frames_.push_back(engine::show_frames(connection_, stage.output, std::move(outcome->frames)));
  return {};
}

}  // namespace wardian::session

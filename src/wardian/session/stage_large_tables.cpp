// Tables for Python that are larger than memory: by batches, while the engine still makes them, or on disk.
#include <algorithm>
#include <thread>

#include "wardian/pyrun/evaluate_batches.h"
#include "wardian/session/stage_run.h"
#include "wardian/sqltree/printer.h"

namespace wardian::session {
Result<std::shared_ptr<const pyrun::SealedFrame>> StageRun::frame_for_python(const plan::Stage& stage,
                                                                             const pyrun::Runner& runner) {
  const std::shared_ptr<const process::MemoryFolder> memory = runner.memory();
  // Shares go to a sandbox each.
  const std::uint64_t sandboxes = stage.python->per_node ? std::max(1U, std::thread::hardware_concurrency()) : 1;
  const std::uint64_t memory_bytes_max = sandboxes * request_.sandbox.memory_bytes_max;
  pyrun::FrameHome home{.memory = memory.get(), .may_spill = [&runner] { return runner.may_lie_on_disk(); }};
  columnar::FrameWriterOptions options{.counts_beyond = true};
  (stage.python->spills ? options.memory_bytes_max : options.data_bytes_max) = memory_bytes_max;
  if (stage.python->spills) home.spill_folder = room_.spill_folder;
  auto frame = write_frame(stage, home, options);
  if (frame.ok() || frame.error().code != ErrorCode::result_too_large) return frame;
  Error error = std::move(frame).error();
  if (!stage.python->spills)
    error.hint = "Let it lie on disk (spill_to_disk = true), hand it over in batches (hint.batches), or raise --sandbox-memory.";
  if (!error.span) error.span = stage.python->span;
  return error;
}

Status StageRun::run_batches(const plan::Stage& stage, const ImageRunner& image, const pyrun::EvaluatePython& python,
                             pyrun::RunSettings settings) {
  say(stage.output + ", Python by batches", true);
  WARDIAN_ASSIGN(const auto rows, connection_.query(sqltree::print(*stage.input().query), stage.input().schema));
  pyrun::BatchSettings batches{.batch_rows = *stage.python->batch_rows,
                               .spill_folder = room_.spill_folder,
                               // Ends the transaction too, so not where the script merely had enough.
                               .interrupt = [this] { connection_.interrupt(); }};
  std::optional<pyrun::DebugFolder::Begun> kept;
  if (keeps_calls_of(stage)) {
    settings.on_send = [&](const pyrun::SentCall& call) -> Status {
      WARDIAN_ASSIGN(kept, request_.debug_folder->begin(call, image.name, image.python));
      return {};
    };
    batches.on_batch = [&](const auto& batch, const pyrun::Call& call) {
      return request_.debug_folder->add_batch(*kept, batch, call);
    };
  }
  auto outcome = pyrun::evaluate_batches(image.runner, python, *rows, batches, settings);
  // However it ended: most are kept because they failed.
  const Status finished = kept ? request_.debug_folder->finish(*kept) : Status();
  if (!outcome.ok()) {
    Error error = std::move(outcome).error();
    if (!error.span) error.span = stage.python->span;
    return error;
  }
  WARDIAN_TRY(finished);
  WARDIAN_TRY(left_.add(std::move(outcome->extras)));
  frames_.push_back(engine::show_frames(connection_, stage.output, std::move(outcome->frames)));
  return {};
}

}  // namespace wardian::session

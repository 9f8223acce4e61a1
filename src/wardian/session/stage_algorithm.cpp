// Algorithms over whole tables: their inputs come from the engine as they are read, their result lies in frames.
#include <numeric>

#include "wardian/pyrun/sealed_frame.h"
#include "wardian/session/stage_run.h"
#include "wardian/sqltree/printer.h"

namespace wardian::session {

Status StageRun::run_algorithm(const plan::Stage& stage) {
  const plan::AlgorithmCall& call = *stage.algorithm;
  say(stage.output + ", " + call.algorithm->describe(), true);
  std::vector<algorithm::OpenInput> inputs;
  for (const plan::SqlPiece& piece : stage.inputs)
    inputs.emplace_back([this, &piece] { return connection_.query(sqltree::print(*piece.query), piece.schema); });
  algorithm::RunBounds bounds;
  bounds.memory_bytes_max = room_.memory_bytes_max;
  bounds.may_go_on = [this] { return process::may_go_on(request_.cancel, request_.deadline, "in the engine"); };
  const auto with_place = [&](Error error) {
    if (!error.span) error.span = call.span;
    return error;
  };
  auto rows = call.algorithm->run(inputs, bounds);
  if (!rows.ok()) return with_place(std::move(rows).error());
  auto sealed = pyrun::SealedFrame::write(**rows, pyrun::FrameHome{.spill_folder = room_.spill_folder});
  if (!sealed.ok()) return with_place(std::move(sealed).error());
  rows.value().reset();
  std::vector<std::size_t> columns(stage.schema.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  WARDIAN_ASSIGN(columnar::Frame frame, (*sealed)->map(columns, 0, (*sealed)->rows()));
  frames_.push_back(engine::show_frames(connection_, stage.output, {std::make_shared<const columnar::Frame>(std::move(frame))}));
  return {};
}

}  // namespace wardian::session

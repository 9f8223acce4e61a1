#include "wardian/cli/write_answer.h"

#include "wardian/cli/answer/series_rows.h"

namespace wardian::cli {
namespace {

Status write_rows(columnar::BatchStream& rows, AnswerWriter& writer, const OutputStream& out) {
  while (!out.closed()) {
    WARDIAN_ASSIGN(const std::optional<columnar::Batch> batch, rows.next());
    if (!batch) break;
    WARDIAN_TRY(writer.rows(*batch));
  }
  return {};
}

/// The chart of a rendered result; where its columns give none, its rows instead.
Status write_chart(session::ResultTable& table, AnswerWriter& writer, OutputStream& out) {
  Grid grid{table.schema, {}, false};
  std::vector<columnar::Batch> held;
  while (!grid.truncated) {
    WARDIAN_ASSIGN(std::optional<columnar::Batch> batch, table.rows->next());
    if (!batch) break;
    append_batch(grid, *batch);
    held.push_back(*std::move(batch));
  }
  WARDIAN_ASSIGN(const bool drawn, writer.chart(*table.rendering, series_rows(grid)));
  if (drawn) return {};
  WARDIAN_TRY(writer.begin_result(table.name, table.schema));
  for (const columnar::Batch& batch : held) WARDIAN_TRY(writer.rows(batch));
  // A stream that has ended is not asked again.
  if (grid.truncated) WARDIAN_TRY(write_rows(*table.rows, writer, out));
  return writer.end_result();
}

}  // namespace

Status write_answer(session::Answer& answer, const AnswerOptions& options, OutputStream& out) {
  const std::unique_ptr<AnswerWriter> writer = make_answer_writer(options, out);
  while (!out.closed()) {
    WARDIAN_ASSIGN(std::optional<session::ResultTable> table, answer.next());
    if (!table) break;
    if (table->rendering && writer->draws(table->rendering->kind)) {
      WARDIAN_TRY(write_chart(*table, *writer, out));
      continue;
    }
    WARDIAN_TRY(writer->begin_result(table->name, table->schema));
    WARDIAN_TRY(write_rows(*table->rows, *writer, out));
    WARDIAN_TRY(writer->end_result());
  }
  return writer->finish();
}

}  // namespace wardian::cli

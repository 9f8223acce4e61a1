#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>

#include "wardian/cli/answer/output_file.h"
#include "wardian/cli/answer/series_rows.h"
#include "wardian/cli/commands.h"
#include "wardian/cli/debug/keep_calls.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/interrupt.h"
#include "wardian/cli/open_instance.h"
#include "wardian/cli/outputs/show_outputs.h"
#include "wardian/cli/outputs/sixel_picture.h"
#include "wardian/cli/profile_text.h"
#include "wardian/cli/progress.h"
#include "wardian/cli/request_of.h"
#include "wardian/session/request_progress.h"

namespace wardian::cli {
namespace {

int terminal_width(int fd) {
  winsize size{};
  return isatty(fd) != 0 && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

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

/// The answer's rows as they come; a rendered result is drawn where a person reads it.
Status write_answer(session::Answer& answer, const QueryOptions& options, OutputFile* file, OutputStream& out) {
  const int width = terminal_width(out.fd());
  const std::unique_ptr<AnswerWriter> writer = make_answer_writer({options.format, width, file}, out);
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

Status query(const QueryOptions& options, const process::CancelToken& token) {
  std::optional<ArtifactFolder> artifacts;
  if (options.artifacts) {
    WARDIAN_ASSIGN(artifacts, ArtifactFolder::open(*options.artifacts));
  }
  std::optional<OutputFile> file;
  if (options.output) {
    WARDIAN_ASSIGN(file, OutputFile::open(*options.output));
    if (!is_text(options.format) && isatty(file->fd()) != 0)
      return Error{ErrorCode::io,
                   "Not for a terminal: " + options.output->string(),
                   {},
                   "HTML, Arrow and Parquet go to a file or a pipe."};
  }
  WARDIAN_ASSIGN(const auto instance, open_instance(options.surroundings));
  // After the answer has gone: to close an engine takes 3 to 6 of the 65 ms of a short query, and the process ends next.
  const std::unique_ptr<session::Instance, void (*)(session::Instance*)> end(instance.get(), [](auto* left) { left->leave(); });
  session::RequestProgress standing;
  Progress progress([&] { return standing.text(); });
  session::Request request = request_of(options, token);
  if (Progress::visible()) request.progress = &standing;
  WARDIAN_TRY(keep_calls(options, request));
  // Whether the query succeeds or not: a call that failed is the one to look at.
  ProfileList profiles;
  if (options.profile) request.on_profile = [&](const session::PythonProfile& one) { profiles.add(one); };
  const std::unique_ptr<const session::Request, std::function<void(const session::Request*)>> told(
      &request, [&](const session::Request* ran) {
        progress.stop();
        if (options.profile) std::fputs(profile_text(profiles.take()).c_str(), stderr);
        tell_calls_kept(options, *ran);
      });
  WARDIAN_ASSIGN(const auto answer, instance->run(request));
  OutputStream out(file ? file->fd() : STDOUT_FILENO);
  // Where both go to the same terminal the line must be gone before the first row.
  if (!file) out.before_first_write([&] { progress.stop(); });
  const Status written = write_answer(*answer, options, file ? &*file : nullptr, out);
  const Status flushed = out.flush();  // the rows before an error are shown as well
  progress.stop();
  WARDIAN_TRY(written);
  WARDIAN_TRY(flushed);
  WARDIAN_ASSIGN(const std::vector<session::LeftOutput> outputs, answer->outputs());
  const ShowOutputs how{
      .folder = artifacts ? &*artifacts : nullptr,
      .pictures = options.pictures,
      .for_a_person = options.format == AnswerFormat::table && isatty(out.fd()) != 0,
      .sixel = [&](const pyrun::Extra& png, TerminalSize terminal) { return sixel_picture(*instance, request, png, terminal); }};
  // First: rows that are whole are not to be lost because a picture cannot be saved.
  if (file) WARDIAN_TRY(file->commit());
  return show_outputs(outputs, how, out);
}

}  // namespace

int run_query(const QueryOptions& options) {
  const InterruptScope interrupt;
  const Status status = query(options, interrupt.token());
  if (status.ok()) return kFine;
  std::fputs(error_text(status.error(), options.text, options.text_name).c_str(), stderr);
  return interrupt.token().cancelled() ? kInterrupted : kFailed;
}

}  // namespace wardian::cli

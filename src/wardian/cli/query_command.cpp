#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>

#include "wardian/cli/answer/chart.h"
#include "wardian/cli/answer/output_file.h"
#include "wardian/cli/commands.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/interrupt.h"
#include "wardian/cli/open_instance.h"
#include "wardian/cli/progress.h"
#include "wardian/sandbox/console_lines.h"
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
Status write_chart(session::ResultTable& table, AnswerWriter& writer, int width, OutputStream& out) {
  Grid grid{table.schema, {}, false};
  std::vector<columnar::Batch> held;
  while (!grid.truncated) {
    WARDIAN_ASSIGN(std::optional<columnar::Batch> batch, table.rows->next());
    if (!batch) break;
    append_batch(grid, *batch);
    held.push_back(*std::move(batch));
  }
  const std::string chart = draw_chart(*table.rendering, grid, {width > 0 ? width : 100, 16, width > 0});
  if (!chart.empty()) return out.write("\n" + chart);
  WARDIAN_TRY(writer.begin_result(table.name, table.schema));
  for (const columnar::Batch& batch : held) WARDIAN_TRY(writer.rows(batch));
  // A stream that has ended is not asked again.
  if (grid.truncated) WARDIAN_TRY(write_rows(*table.rows, writer, out));
  return writer.end_result();
}

/// The answer's rows as they come; a rendered result is drawn where a person reads it.
Status write_answer(session::Answer& answer, const QueryOptions& options, OutputStream& out) {
  const int width = terminal_width(out.fd());
  const std::unique_ptr<AnswerWriter> writer = make_answer_writer({options.format, width}, out);
  while (!out.closed()) {
    WARDIAN_ASSIGN(std::optional<session::ResultTable> table, answer.next());
    if (!table) break;
    if (table->rendering && options.format == AnswerFormat::table && is_drawn(table->rendering->kind)) {
      WARDIAN_TRY(write_chart(*table, *writer, width, out));
      continue;
    }
    WARDIAN_TRY(writer->begin_result(table->name, table->schema));
    WARDIAN_TRY(write_rows(*table->rows, *writer, out));
    WARDIAN_TRY(writer->end_result());
  }
  return writer->finish();
}

/// Lines that scripts print, on standard error, up to a bound: a script may print for as long as it runs.
class ConsoleDisplay {
 public:
  void show(std::string_view line) {
    const std::lock_guard lock(mutex_);
    if (cut_) return;
    cut_ = line.size() > left_;
    left_ -= std::min(left_, line.size());
    static constexpr std::string_view kCut = "[the scripts print more than 1 MiB; the rest is not shown]\n";
    if (cut_) line = kCut;
    std::fwrite(line.data(), 1, line.size(), stderr);
  }

 private:
  std::mutex mutex_;
  std::size_t left_ = std::size_t{1} << 20;
  bool cut_ = false;
};

session::Request request_of(const QueryOptions& options, const process::CancelToken& token) {
  session::Request request;
  request.text = options.text;
  for (const auto& [name, value] : options.parameters) request.parameters[name] = value;
  request.sandbox = options.surroundings.sandbox;
  request.external_files_allowed = options.surroundings.external_files_allowed;
  request.cancel = &token;
  if (options.timeout) request.deadline = std::chrono::steady_clock::now() + *options.timeout;
  if (options.console) {
    const auto display = std::make_shared<ConsoleDisplay>();
    const auto lines = std::make_shared<sandbox::ConsoleLines>([display](std::string_view line) { display->show(line); });
    request.on_console = [lines](sandbox::ConsoleStream stream, std::string_view bytes) { lines->add(stream, bytes); };
  }
  return request;
}

Status query(const QueryOptions& options, const process::CancelToken& token) {
  std::optional<OutputFile> file;
  if (options.output) {
    WARDIAN_ASSIGN(file, OutputFile::open(*options.output));
  }
  WARDIAN_ASSIGN(const auto instance, open_instance(options.surroundings));
  // After the answer has gone: to close an engine takes 3 to 6 of the 65 ms of a short query, and the process ends next.
  const std::unique_ptr<session::Instance, void (*)(session::Instance*)> end(instance.get(), [](auto* left) { left->leave(); });
  session::RequestProgress standing;
  Progress progress([&] { return standing.text(); });
  session::Request request = request_of(options, token);
  if (Progress::visible()) request.progress = &standing;
  WARDIAN_ASSIGN(const auto answer, instance->run(request));
  OutputStream out(file ? file->fd() : STDOUT_FILENO);
  // Where both go to the same terminal the line must be gone before the first row.
  if (!file) out.before_first_write([&] { progress.stop(); });
  const Status written = write_answer(*answer, options, out);
  const Status flushed = out.flush();  // the rows before an error are shown as well
  progress.stop();
  WARDIAN_TRY(written);
  WARDIAN_TRY(flushed);
  return file ? file->commit() : Status();
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

#include <unistd.h>

#include <cstdio>
#include <functional>
#include <memory>

#include "wardian/cli/answer/output_file.h"
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
#include "wardian/cli/terminal.h"
#include "wardian/cli/write_answer.h"
#include "wardian/session/request_progress.h"

namespace wardian::cli {
namespace {

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
  if (!file) out.before_first_write([&](std::string_view) { progress.stop(); });
  const Status written = write_answer(
      *answer, {options.format, terminal_size(out.fd()).width, file ? &*file : nullptr, takes_colours(out.fd())}, out);
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

#include <unistd.h>

#include <cstdio>

#include "wardian/cli/commands.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/interrupt.h"
#include "wardian/cli/open_instance.h"
#include "wardian/cli/plain_output.h"
#include "wardian/columnar/type.h"
#include "wardian/process/whole_file.h"
#include "wardian/pyrun/runner.h"
#include "wardian/sandbox/console_lines.h"

// wardian image try: one script, confined as in a query.
namespace wardian::cli {
namespace {

std::string described(const columnar::Frame& frame) {
  std::string columns;
  for (const columnar::FrameColumn& column : frame.columns())
    columns +=
        (columns.empty() ? "" : ", ") + sandbox::printable(column.name) + ":" + std::string(columnar::type_name(column.type));
  return "result: " + std::to_string(frame.rows()) + (frame.rows() == 1 ? " row of " : " rows of ") + columns + "\n";
}

Status attempt(const ImageOptions& options, const process::CancelToken& token, std::string& result) {
  WARDIAN_ASSIGN(std::string script, process::read_whole_file(options.script));
  sandbox::PoolConfig config;
  WARDIAN_ASSIGN(const ChosenImage chosen, choose_image(options.name));
  config.image = chosen.image;
  config.policy = options.surroundings.sandbox;
  config.minimum_level = options.surroundings.minimum_level;
  config.ready_count = config.ready_count_max = 1;
  const pyrun::Runner runner(std::make_shared<sandbox::Pool>(std::move(config)));
  pyrun::Call call;
  call.script = std::move(script);
  call.parameters = {{"kargs", "{}"}};
  call.modules = {{"np", "numpy"}, {"pd", "pandas"}};
  call.outputs = {pyrun::FrameOutput{.variable = "result", .schema = {}, .optional = true}};
  call.policy = options.surroundings.sandbox;
  call.cancel = &token;
  const auto to = [](std::FILE* file) {
    return [file](std::string_view line) { std::fwrite(line.data(), 1, line.size(), file); };
  };
  sandbox::ConsoleLines printed(to(stdout), ""), complained(to(stderr), "");
  call.on_console = [&](sandbox::ConsoleStream stream, std::string_view bytes) {
    (stream == sandbox::ConsoleStream::standard_output ? printed : complained).add(stream, bytes);
  };
  WARDIAN_ASSIGN(const pyrun::Outcome outcome, runner.run(call));
  const auto* frame = std::get_if<std::shared_ptr<const columnar::Frame>>(&outcome.outputs.front());
  if (frame != nullptr) result = described(**frame);
  return {};
}

}  // namespace

int run_image_try(const ImageOptions& options) {
  const InterruptScope interrupt;
  std::string result;
  const Status done = attempt(options, interrupt.token(), result);
  std::fflush(stdout);
  if (done.ok()) return show_text(result);
  std::fputs(error_text(done.error(), {}, "").c_str(), stderr);
  return interrupt.token().cancelled() ? kInterrupted : kFailed;
}

}  // namespace wardian::cli

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <thread>

#include "wardian/cli/answer/output_file.h"
#include "wardian/cli/debug/batch_replay.h"
#include "wardian/cli/debug/debuggee.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/open_instance.h"
#include "wardian/columnar/file_copy.h"
#include "wardian/kernels/json_text.h"
#include "wardian/process/memory_file.h"
#include "wardian/process/start_thread.h"
#include "wardian/process/system_error.h"
#include "wardian/pyrun/failure.h"
#include "wardian/pyrun/file_store.h"
#include "wardian/pyrun/reply.h"
#include "wardian/sandbox/console_lines.h"
#include "wardian/sandbox/pool.h"

namespace wardian::cli {
namespace {

namespace fs = std::filesystem;

/// What python/wardian/_debug/confined.py reads.
std::string request_of(const KeptCall& call, const fs::path& debugger, const std::string& files_folder) {
  std::string json;
  kernels::JsonObjectWriter request(json);
  request.add("call", call.description);
  request.add_string("script", call.script);
  request.add("kargs", call.arguments);
  request.add_string("name", call.script_file().string());
  request.add_string("debugger", debugger.string());
  request.add_string("files_folder", files_folder);
  request.close();
  return json;
}

/// The untrusted bytes of a result, as they are, in the folder.
Status keep_result(const process::MemoryFile& result, std::uint64_t bytes, const fs::path& path) {
  WARDIAN_ASSIGN(OutputFile file, OutputFile::open(path));
  WARDIAN_ASSIGN(const std::uint64_t copied, columnar::copy_bytes(result.fd(), 0, file.fd(), 0, bytes));
  if (copied < bytes) return process::system_error(ErrorCode::io, "Cannot read the result", EIO);
  return file.commit();
}

class ConfinedDebuggee final : public Debuggee {
 public:
  ConfinedDebuggee(KeptCall call, ChosenImage image, sandbox::PoolConfig config, std::optional<DebugLine> line)
      : kept_(std::move(call)),
        batches_(kept_.folder),
        image_(std::move(image)),
        line_(std::move(line)),
        policy_(config.policy),
        ended_(::eventfd(0, EFD_CLOEXEC)),
        pool_(std::move(config)) {}
  ~ConfinedDebuggee() override {
    stop_.cancel();
    if (thread_.joinable()) thread_.join();
  }

  Status start() {
    for (const UniqueFd& input : kept_.inputs) {
      WARDIAN_ASSIGN(process::MemoryFile copy, sealed_copy(input));
      inputs_.push_back(std::move(copy));
    }
    for (std::size_t at = 0; at <= kept_.outputs; ++at) {
      WARDIAN_ASSIGN(process::MemoryFile file, process::MemoryFile::create("wardian-result"));
      outputs_.push_back(std::move(file));
    }
    WARDIAN_TRY(show_files());
    request_ = request_of(kept_, line_ ? line_->debugger : fs::path(), shown_.folder());
    WARDIAN_ASSIGN(thread_, process::start_thread([this] {
                     run();
                     const std::uint64_t one = 1;
                     [[maybe_unused]] const ssize_t told = ::write(ended_.get(), &one, sizeof one);
                   }));
    return {};
  }

  int end_fd() const override { return ended_.get(); }

  int finish() override {
    thread_.join();
    const Status status = outcome_->ok() ? take(**outcome_) : Status(outcome_->error());
    if (status.ok()) return kFine;
    std::fputs(error_text(status.error(), kept_.script, kept_.script_file().string()).c_str(), stderr);
    return kFailed;
  }

 private:
  Status show_files() {
    if (kept_.files.empty()) return {};
    std::vector<pyrun::FileStore::Shown> files;
    for (const KeptCall::File& kept : kept_.files) {
      const auto read = [&](std::span<std::byte> block) -> Result<std::size_t> {
        const ssize_t got = ::read(kept.file.get(), block.data(), block.size());
        if (got < 0) return process::system_error(ErrorCode::bad_file, "Cannot read the artifact " + kept.name, errno);
        return static_cast<std::size_t>(got);
      };
      WARDIAN_ASSIGN(pyrun::StoredFilePtr stored, store_.put(kept.name, read, {}));
      shown_bytes_ += stored->bytes();
      files.push_back({kept.name, std::move(stored)});
    }
    WARDIAN_ASSIGN(shown_, store_.show(files));
    return {};
  }

  void run() {
    const auto show = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); };
    sandbox::ConsoleLines console(show);
    sandbox::Call call;
    call.request = std::as_bytes(std::span(request_));
    call.policy = policy_;
    call.shown_bytes = shown_bytes_;
    call.cancel = &stop_;
    call.on_console = [&](sandbox::ConsoleStream stream, std::string_view bytes) { console.add(stream, bytes); };
    for (const process::MemoryFile& file : inputs_) call.inputs.push_back(file.fd());
    for (const process::MemoryFile& file : outputs_) call.outputs.push_back(file.fd());
    if (kept_.takes_batches) call.dialogue = &batches_;
    if (line_) call.pipes = {line_->from_client.get(), line_->to_client.get()};
    outcome_ = pool_.run(call);
  }

  Status take(const sandbox::Outcome& ran) {
    // What the script printed was shown as it came.
    sandbox::Outcome silent;
    if (!ran.replied()) return sandbox::error_of(ran);
    WARDIAN_ASSIGN(const pyrun::Reply reply, pyrun::decode_reply(ran.reply));
    std::error_code error;
    const fs::path result = kept_.folder / "result.arrow";
    fs::remove(result, error);  // an earlier run's
    if (const auto* failure = std::get_if<pyrun::FailureReply>(&reply)) return pyrun::error_of(*failure, silent);
    if (ran.output_bytes.size() != outputs_.size() || ran.output_bytes.back() == 0) return {};
    WARDIAN_TRY(keep_result(outputs_.back(), ran.output_bytes.back(), result));
    std::printf("written to %s\n", result.c_str());
    return {};
  }

  KeptCall kept_;
  BatchReplay batches_;
  ChosenImage image_;  // stays as it is
  std::optional<DebugLine> line_;
  std::string request_;
  sandbox::Policy policy_;
  UniqueFd ended_;
  process::CancelToken stop_;
  std::vector<process::MemoryFile> inputs_, outputs_;
  std::optional<Result<sandbox::Outcome>> outcome_;
  sandbox::Pool pool_;
  pyrun::FileStore store_{[this] { return pool_.shown_files(); }};
  sandbox::ShownCall shown_;
  std::uint64_t shown_bytes_ = 0;
  std::thread thread_;
};

}  // namespace

Result<fs::path> find_debugger() {
  std::error_code error;
  if (const auto parts = sandbox::find_parts(); parts.ok()) {
    const fs::path beside = parts->folder.parent_path().parent_path() / "debugpy";
    if (fs::exists(beside / "__init__.py", error)) return beside;
  }
  WARDIAN_ASSIGN(const sandbox::Image image, default_image());
  WARDIAN_ASSIGN(const sandbox::ImageLayout layout, sandbox::examine_image(image));
  for (const std::string& folder : layout.search_path)
    if (fs::exists(fs::path(folder) / "debugpy" / "__init__.py", error)) return fs::path(folder) / "debugpy";
  return Error{.code = ErrorCode::sandbox_unavailable,
               .message = "There is no debugger: debugpy is not installed beside wardian",
               .hint = "Install debugpy into the environment that wardian is in."};
}

Result<std::unique_ptr<Debuggee>> start_confined(KeptCall call, const Surroundings& surroundings, std::optional<DebugLine> line) {
  sandbox::PoolConfig config;
  WARDIAN_ASSIGN(ChosenImage chosen, choose_image(call.image));
  config.image = chosen.image;
  config.image.entry_module = "wardian._debug.confined";
  // The script at its own name, so that a debugger finds the file in which breakpoints are set. Scripts have a /tmp of their own, which
  // would give way to what is shown there: confined.py puts the file into that.
  if (!call.script_file().string().starts_with("/tmp/")) config.image.read_only_paths.push_back(call.script_file());
  if (line) config.image.read_only_paths.push_back(line->debugger);
  config.policy = surroundings.sandbox;
  config.minimum_level = surroundings.minimum_level;
  config.ready_count = config.ready_count_max = 1;
  auto made = std::make_unique<ConfinedDebuggee>(std::move(call), std::move(chosen), std::move(config), std::move(line));
  WARDIAN_TRY(made->start());
  return std::unique_ptr<Debuggee>(std::move(made));
}

}  // namespace wardian::cli

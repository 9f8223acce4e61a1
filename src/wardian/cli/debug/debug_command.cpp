#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "wardian/cli/commands.h"
#include "wardian/cli/debug/dap_relay.h"
#include "wardian/cli/debug/debuggee.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/interrupt.h"
#include "wardian/cli/open_instance.h"
#include "wardian/process/system_error.h"
#include "wardian/sandbox/console.h"

namespace wardian::cli {
namespace {

// What the debugger itself takes, beside the script.
constexpr std::uint64_t kDebuggerBytes = std::uint64_t{128} << 20;

/// Two pipes: the script's ends, and ours.
Status make_pipes(DebugLine& line, DebugPipes& ours) {
  std::array<int, 2> asked{}, answered{};
  if (::pipe2(asked.data(), O_CLOEXEC) != 0) return process::system_error(ErrorCode::io, "Cannot make a pipe", errno);
  line.from_client = UniqueFd(asked[0]);
  ours.to_script = UniqueFd(asked[1]);
  if (::pipe2(answered.data(), O_CLOEXEC) != 0) return process::system_error(ErrorCode::io, "Cannot make a pipe", errno);
  ours.from_script = UniqueFd(answered[0]);
  line.to_client = UniqueFd(answered[1]);
  return {};
}

/// A folder may come from elsewhere, and is no reason to start whatever program it names: it runs in an image of ours of that name,
/// which may have changed since.
Status tell_other_interpreter(const KeptCall& call) {
  WARDIAN_ASSIGN(const ChosenImage image, choose_image(call.image));
  std::error_code error;
  if (!call.python.empty() && !std::filesystem::equivalent(call.python, image.python, error))
    std::fprintf(stderr, "The query had another Python: %s. This run takes %s\n",
                 sandbox::printable(call.python.string()).c_str(), image.python.c_str());
  return {};
}

Result<std::unique_ptr<Debuggee>> start(KeptCall call, const DebugOptions& options, std::optional<DebugLine> line) {
  if (!options.confined) return start_process(call, std::move(line));
  Surroundings surroundings;
  surroundings.sandbox = call.limits;
  // Whoever looks at a script takes the time that it takes.
  surroundings.sandbox.wall_time_max = sandbox::kWallTimeMax;
  options.set_limits(surroundings);
  if (line) surroundings.sandbox.memory_bytes_max += kDebuggerBytes;
  return start_confined(std::move(call), surroundings, std::move(line));
}

/// Waits for the call's end or the token's cancellation.
Status await(const Debuggee& debuggee, const process::CancelToken& token) {
  std::array<pollfd, 2> watched{{{debuggee.end_fd(), POLLIN, 0}, {token.fd(), POLLIN, 0}}};
  while (!token.cancelled()) {
    if (::poll(watched.data(), watched.size(), token.fd() < 0 ? 20 : -1) < 0 && errno != EINTR)
      return process::system_error(ErrorCode::io, "Cannot wait for the script", errno);
    if (watched[0].revents != 0) return {};
  }
  return {};
}

Result<int> debug(const DebugOptions& options, const process::CancelToken& token) {
  WARDIAN_ASSIGN(KeptCall call, read_kept_call(options.folder));
  WARDIAN_TRY(tell_other_interpreter(call));
  if (!options.port) {
    WARDIAN_ASSIGN(const auto debuggee, start(std::move(call), options, std::nullopt));
    WARDIAN_TRY(await(*debuggee, token));
    return token.cancelled() ? static_cast<int>(kInterrupted) : debuggee->finish();
  }
  WARDIAN_ASSIGN(const DapPort port, DapPort::listen(*options.port));
  DebugLine line;
  DebugPipes ours;
  WARDIAN_TRY(make_pipes(line, ours));
  WARDIAN_ASSIGN(line.debugger, find_debugger());
  WARDIAN_ASSIGN(const auto debuggee, start(std::move(call), options, std::move(line)));
  std::printf("listening on 127.0.0.1:%u\n", static_cast<unsigned>(port.number()));
  std::fflush(stdout);
  int status = kInterrupted;
  WARDIAN_TRY(relay(port, std::move(ours), debuggee->end_fd(), token, [&] {
    if (!token.cancelled()) status = debuggee->finish();
    return status;
  }));
  return status;
}

}  // namespace

int run_debug(const DebugOptions& options) {
  // A client that goes away while it is written to is no reason to end.
  ::signal(SIGPIPE, SIG_IGN);
  const InterruptScope interrupt;
  const Result<int> status = debug(options, interrupt.token());
  std::fflush(stdout);
  if (status.ok()) return *status;
  std::fputs(error_text(status.error(), {}, "").c_str(), stderr);
  return interrupt.token().cancelled() ? kInterrupted : kFailed;
}

}  // namespace wardian::cli

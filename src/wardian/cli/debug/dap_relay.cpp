#include "wardian/cli/debug/dap_relay.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <string_view>

#include "wardian/cli/debug/dap_message.h"
#include "wardian/cli/debug/peer_user.h"
#include "wardian/process/system_error.h"

namespace wardian::cli {
namespace {

// A client that does not read is let go past this; a script's process that does not, is not written to.
constexpr std::size_t kClientBacklogBytesMax = std::size_t{128} << 20;
constexpr std::size_t kScriptBacklogBytesMax = std::size_t{1} << 20;
constexpr std::chrono::milliseconds kFarewellTimeMax{2000};

enum class Got { bytes, nothing, end };

Got read_into(int fd, std::string& block, std::string_view& bytes) {
  block.resize(std::size_t{1} << 16);
  const ssize_t size = ::read(fd, block.data(), block.size());
  if (size < 0) return errno == EAGAIN || errno == EINTR ? Got::nothing : Got::end;
  bytes = std::string_view(block).substr(0, static_cast<std::size_t>(size));
  return size == 0 ? Got::end : Got::bytes;
}

/// False where nobody reads any more.
bool write_some(int fd, std::string& backlog, bool socket) {
  while (!backlog.empty()) {
    const ssize_t size =
        socket ? ::send(fd, backlog.data(), backlog.size(), MSG_NOSIGNAL) : ::write(fd, backlog.data(), backlog.size());
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    backlog.erase(0, static_cast<std::size_t>(size));
  }
  return true;
}

class Relay {
 public:
  Relay(const DapPort& port, DebugPipes pipes) : port_(port), pipes_(std::move(pipes)) {
    for (const int fd : {pipes_.to_script.get(), pipes_.from_script.get()})
      ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  }

  Status run(int script_end, const process::CancelToken& token) {
    while (!token.cancelled()) {
      enum { kEnd, kCancel, kFromScript, kToScript, kListener, kClient, kCount };
      std::array<pollfd, kCount> watched{};
      watched[kEnd] = {script_end, POLLIN, 0};
      watched[kCancel] = {token.fd(), POLLIN, 0};
      watched[kFromScript] = {pipes_.from_script.get(), POLLIN, 0};
      watched[kToScript] = {to_script_.empty() ? -1 : pipes_.to_script.get(), POLLOUT, 0};
      watched[kListener] = {client_ || !pipes_.from_script ? -1 : port_.fd(), POLLIN, 0};
      const bool may_ask = to_script_.size() < kScriptBacklogBytesMax;
      watched[kClient] = {client_.get(), static_cast<short>((may_ask ? POLLIN : 0) | (to_client_.empty() ? 0 : POLLOUT)), 0};
      if (::poll(watched.data(), watched.size(), token.fd() < 0 ? 20 : -1) < 0 && errno != EINTR)
        return process::system_error(ErrorCode::io, "Cannot wait for the debugger", errno);
      if (watched[kFromScript].revents != 0) hear_script();
      if (watched[kEnd].revents != 0) return {};
      if (watched[kToScript].revents != 0 && !write_some(pipes_.to_script.get(), to_script_, false)) to_script_.clear();
      if (watched[kClient].revents != 0) serve_client(watched[kClient].revents);
      if (watched[kListener].revents != 0) accept_client();
    }
    return {};
  }

  void say_farewell(int exit_status) {
    while (pipes_.from_script.valid() && hear_script()) continue;
    if (!client_) return;
    tell(R"({"type":"event","event":"exited","body":{"exitCode":)" + std::to_string(exit_status) + "},");
    tell(R"({"type":"event","event":"terminated","body":{},)");
    const auto until = std::chrono::steady_clock::now() + kFarewellTimeMax;
    while (!to_client_.empty() && std::chrono::steady_clock::now() < until) {
      pollfd ready{client_.get(), POLLOUT, 0};
      if (::poll(&ready, 1, 100) > 0 && !write_some(client_.get(), to_client_, true)) return;
    }
    // What the client has sent meanwhile, unread, would make of the close a reset, which may overtake what it was told.
    ::shutdown(client_.get(), SHUT_WR);
    std::string block;
    std::string_view bytes;
    while (std::chrono::steady_clock::now() < until) {
      pollfd ready{client_.get(), POLLIN, 0};
      if (::poll(&ready, 1, 100) > 0 && read_into(client_.get(), block, bytes) == Got::end) return;
    }
  }

 private:
  /// A message of our own; `json` lacks its number and the last brace. Numbers of the script's process stay far below.
  void tell(const std::string& json) { to_client_ += dap_framed(json + "\"seq\":" + std::to_string(next_own_++) + "}"); }

  void accept_client() {
    UniqueFd client(::accept4(port_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client) return;
    // Whoever debugs a script may do what it may do.
    if (const auto user = peer_user(client.get()); user && *user != ::geteuid() && *user != 0) {
      std::fprintf(stderr, "A client of another user was turned away: user %u\n", static_cast<unsigned>(*user));
      return;
    }
    const int at_once = 1;
    ::setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    client_ = std::move(client);
    requests_ = DapReader();
    attached_ = false;
  }

  void serve_client(short events) {
    if ((events & POLLOUT) != 0 && !write_some(client_.get(), to_client_, true)) return drop_client();
    if ((events & (POLLIN | POLLHUP | POLLERR)) == 0) return;
    std::string_view bytes;
    switch (read_into(client_.get(), block_, bytes)) {
      case Got::nothing: return;
      case Got::end: return drop_client();
      case Got::bytes: break;
    }
    requests_.add(bytes);
    while (true) {
      // Whole messages only: a client that goes away in the middle of one leaves the line to the script in order.
      Result<std::optional<std::string>> request = requests_.next();
      if (!request.ok()) return drop_client();
      if (!*request) return;
      const std::string command = dap_command(**request);
      if (command == "attach" || command == "launch") attached_ = true;
      if (command == "disconnect" || command == "terminate") attached_ = false;
      to_script_ += dap_framed(**request);
    }
  }

  void drop_client() {
    client_.reset();
    to_client_.clear();
    // It held the script perhaps, which is to run on.
    if (attached_)
      to_script_ += dap_framed(R"({"type":"request","command":"disconnect","arguments":{"terminateDebuggee":false},"seq":)" +
                               std::to_string(next_own_++) + "}");
    attached_ = false;
  }

  /// False where nothing was to be heard.
  bool hear_script() {
    std::string_view bytes;
    switch (read_into(pipes_.from_script.get(), block_, bytes)) {
      case Got::nothing: return false;
      case Got::end: pipes_.from_script.reset(); return false;
      case Got::bytes: break;
    }
    answers_.add(bytes);
    while (true) {
      Result<std::optional<std::string>> answer = answers_.next();
      if (!answer.ok()) {
        // The script wrote to the line itself; what comes after has no beginning any more.
        std::fputs("The script has broken the debugger's line; it runs on without one.\n", stderr);
        pipes_.from_script.reset();
        client_.reset();
        to_client_.clear();
        return false;
      }
      if (!*answer) return true;
      const std::optional<std::string> passed = client_ ? dap_from_script(**answer) : std::nullopt;
      if (!passed) continue;
      to_client_ += dap_framed(*passed);
      if (to_client_.size() > kClientBacklogBytesMax || !write_some(client_.get(), to_client_, true)) drop_client();
    }
  }

  const DapPort& port_;
  DebugPipes pipes_;
  UniqueFd client_;
  DapReader requests_, answers_;
  std::string to_client_, to_script_, block_;
  bool attached_ = false;
  std::uint64_t next_own_ = 1'000'000'000;
};

}  // namespace

Result<DapPort> DapPort::listen(std::uint16_t port) {
  DapPort made;
  made.fd_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int again = 1;
  if (made.fd_) ::setsockopt(made.fd_.get(), SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  if (!made.fd_ || ::bind(made.fd_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(made.fd_.get(), 4) != 0 ||
      ::getsockname(made.fd_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
    return process::system_error(ErrorCode::io, "Cannot listen on port " + std::to_string(port) + " of 127.0.0.1", errno);
  made.number_ = ntohs(address.sin_port);
  return made;
}

Status relay(const DapPort& port, DebugPipes pipes, int script_end, const process::CancelToken& token,
             const std::function<int()>& exit_status) {
  Relay one(port, std::move(pipes));
  WARDIAN_TRY(one.run(script_end, token));
  one.say_farewell(exit_status());
  return {};
}

}  // namespace wardian::cli

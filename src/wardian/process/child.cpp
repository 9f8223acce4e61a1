#include "wardian/process/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "wardian/process/system_error.h"

namespace wardian::process {
namespace {

/// Owns posix_spawn's two argument objects, which know no destructor.
struct SpawnArguments {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  SpawnArguments() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  SpawnArguments(const SpawnArguments&) = delete;
  ~SpawnArguments() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

}  // namespace

UniqueFd open_pidfd(pid_t pid) { return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U))); }

bool signal_pidfd(int pidfd, int signal) { return ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0U) == 0; }

pid_t pid_of(int pidfd) {
  const std::string path = "/proc/self/fdinfo/" + std::to_string(pidfd);
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return -1;
  char text[512];
  const ssize_t size = ::read(file.get(), text, sizeof text);
  const std::string_view content(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::size_t place = content.find("Pid:\t");
  if (place == std::string_view::npos) return -1;
  pid_t pid = -1;
  std::from_chars(content.data() + place + 5, content.data() + content.size(), pid);
  return pid > 0 ? pid : -1;
}

Result<Child> Child::spawn(const SpawnPlan& plan) {
  SpawnArguments spawn;
  // Sources may stand where another's target goes, so all move out of the way first.
  std::vector<UniqueFd> moved;
  bool given[3] = {false, false, false};
  int highest_target = 2;
  for (const GivenDescriptor& descriptor : plan.descriptors) highest_target = std::max(highest_target, descriptor.target);
  for (const GivenDescriptor& descriptor : plan.descriptors) {
    moved.emplace_back(::fcntl(descriptor.source, F_DUPFD_CLOEXEC, highest_target + 1));
    if (!moved.back()) return system_error(ErrorCode::internal, "cannot duplicate a descriptor", errno);
    if (descriptor.target < 3) given[descriptor.target] = true;
  }
  for (int standard = 0; standard < 3; ++standard)
    if (!given[standard])
      posix_spawn_file_actions_addopen(&spawn.actions, standard, "/dev/null", standard == 0 ? O_RDONLY : O_WRONLY, 0);
  std::vector<bool> kept(static_cast<std::size_t>(highest_target) + 1, false);
  for (std::size_t i = 0; i < moved.size(); ++i) {
    posix_spawn_file_actions_adddup2(&spawn.actions, moved[i].get(), plan.descriptors[i].target);
    kept[static_cast<std::size_t>(plan.descriptors[i].target)] = true;
  }
  for (int fd = 3; fd <= highest_target; ++fd)
    if (!kept[static_cast<std::size_t>(fd)]) posix_spawn_file_actions_addclose(&spawn.actions, fd);
  posix_spawn_file_actions_addclosefrom_np(&spawn.actions, highest_target + 1);

  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  if (plan.new_session) flags |= POSIX_SPAWN_SETSID;
  posix_spawnattr_setflags(&spawn.attributes, flags);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&spawn.attributes, &none);
  posix_spawnattr_setsigdefault(&spawn.attributes, &all);

  std::vector<std::string> arguments;
  arguments.push_back(plan.executable.string());
  arguments.insert(arguments.end(), plan.arguments.begin(), plan.arguments.end());
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(plan.environment);
  pid_t pid = -1;
  const int number = ::posix_spawn(&pid, plan.executable.c_str(), &spawn.actions, &spawn.attributes, argv.data(), envp.data());
  if (number != 0) return system_error(ErrorCode::internal, "cannot start " + plan.executable.string(), number);
  Child child;
  child.pid_ = pid;
  child.pidfd_ = open_pidfd(pid);
  if (!child.pidfd_) {
    // Not reaped yet, so the number is still this child's.
    const int reason = errno;
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return system_error(ErrorCode::internal, "cannot open a pidfd", reason);
  }
  return child;
}

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  pidfd_.swap(other.pidfd_);
  return *this;
}

Child::~Child() {
  if (!valid()) return;
  send_signal(SIGKILL);
  wait(std::chrono::milliseconds(-1));
}

void Child::send_signal(int signal) const {
  if (valid()) signal_pidfd(pidfd_.get(), signal);
}

std::optional<ExitStatus> Child::wait(std::chrono::milliseconds timeout) {
  if (!valid()) return ExitStatus{};
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (true) {
    pollfd end{pidfd_.get(), POLLIN, 0};
    int left = -1;
    if (timeout.count() >= 0)
      left = static_cast<int>(std::max<std::int64_t>(
          0, std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count()));
    const int ready = ::poll(&end, 1, left);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return std::nullopt;
    break;
  }
  int status = 0;
  pid_t reaped = 0;
  do {
    reaped = ::waitpid(pid_, &status, 0);
  } while (reaped < 0 && errno == EINTR);
  disown();
  if (WIFSIGNALED(status)) return ExitStatus{true, WTERMSIG(status)};
  return ExitStatus{false, WEXITSTATUS(status)};
}

void Child::disown() {
  pidfd_.reset();
  pid_ = -1;
}

Result<Answer> ask_program(SpawnPlan plan, std::chrono::milliseconds time_max, std::size_t bytes_max) {
  const auto deadline = std::chrono::steady_clock::now() + time_max;
  int ends[2] = {-1, -1};
  // A pipe rather than a memory file: it also asks the question whether there are memory files.
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_error(ErrorCode::internal, "cannot make a pipe", errno);
  const UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  plan.descriptors.push_back({writer.get(), 1});
  WARDIAN_ASSIGN(Child child, Child::spawn(plan));
  writer.reset();
  Answer answer;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd more{reader.get(), POLLIN, 0};
    const int ready = ::poll(&more, 1, static_cast<int>(std::max<std::int64_t>(0, left)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0)
      return Error{ErrorCode::internal, "it did not end in " + std::to_string(time_max.count() / 1000) + " s", {}, {}};
    char part[4096];
    const ssize_t size = ::read(reader.get(), part, sizeof part);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    answer.text.append(part, static_cast<std::size_t>(size));
    if (answer.text.size() > bytes_max) return Error{ErrorCode::internal, "it said too much", {}, {}};
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  const auto end = child.wait(std::max(left, std::chrono::milliseconds(0)));
  if (!end) return Error{ErrorCode::internal, "it did not end in " + std::to_string(time_max.count() / 1000) + " s", {}, {}};
  answer.end = *end;
  return answer;
}

}  // namespace wardian::process

#include "wardian/image/step.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "wardian/process/child.h"
#include "wardian/process/system_error.h"
#include "wardian/sandbox/console.h"

extern char** environ;

namespace wardian::image {
namespace {

constexpr std::chrono::milliseconds kLookEvery{50};
constexpr std::size_t kShownLinesMax = 25;
constexpr std::size_t kShownBytesMax = 4000;
constexpr std::uintmax_t kRoomMin = 64 << 10;

/// What the caller has, but for what would change where packages go, and what would draw progress bars into the log.
std::vector<std::string> environment() {
  constexpr std::string_view kLeftOut[] = {
      "PIP_TARGET=",   "PIP_PREFIX=",  "PIP_ROOT=",   "PIP_USER=",   "PIP_REQUIRE_VIRTUALENV=",
      "PIP_REPORT=",   "PIP_DRY_RUN=", "PYTHONPATH=", "PYTHONHOME=", "VIRTUAL_ENV=",
      "PIP_NO_INPUT=", "NO_COLOR=",    "LD_PRELOAD="};
  std::vector<std::string> words = {"PIP_NO_INPUT=1", "PIP_DISABLE_PIP_VERSION_CHECK=1", "PIP_ROOT_USER_ACTION=ignore",
                                    "NO_COLOR=1", "UV_NO_PROGRESS=1"};
  for (char** word = environ; word != nullptr && *word != nullptr; ++word) {
    const std::string_view text = *word;
    if (std::ranges::none_of(kLeftOut, [&](std::string_view name) { return text.starts_with(name); })) words.emplace_back(text);
  }
  return words;
}

/// Ends a session when this process ends, however that happens: builders start programs of their own, which would go on. A shell waits
/// for the end of a pipe that we hold, and is itself ended first where all goes well.
class EndsWithUs {
 public:
  static Result<EndsWithUs> start(pid_t session) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return process::system_error(ErrorCode::io, "Cannot make a pipe", errno);
    EndsWithUs made;
    made.held_ = UniqueFd(ends[1]);
    const UniqueFd watched(ends[0]);
    process::SpawnPlan plan;
    plan.executable = "/bin/sh";
    plan.arguments = {"-c", "read -r nothing || kill -s KILL -- \"-$0\"", std::to_string(session)};
    plan.environment = {"LANG=C.UTF-8"};
    plan.descriptors = {{watched.get(), 0}};
    plan.new_session = true;
    WARDIAN_ASSIGN(made.shell_, process::Child::spawn(plan));
    return made;
  }

 private:
  UniqueFd held_;
  process::Child shell_;  // goes first
};

std::string last_lines(const std::filesystem::path& log, std::uint64_t from) {
  std::ifstream in(log, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(from));
  std::ostringstream all;
  all << in.rdbuf();
  std::string text = all.str();
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  std::size_t begin = text.size() > kShownBytesMax ? text.size() - kShownBytesMax : 0;
  std::size_t lines = 0;
  for (std::size_t at = text.size(); at > begin; --at) {
    if (text[at - 1] != '\n' || ++lines < kShownLinesMax) continue;
    begin = at;
    break;
  }
  return sandbox::printable(text.substr(begin));
}

}  // namespace

Status run_step(const Step& step, const std::filesystem::path& log, const Progress& progress) {
  if (progress.say) progress.say(step.what);
  const UniqueFd out(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!out)
    return process::system_error(errno == ENOSPC ? ErrorCode::disk_full : ErrorCode::io, "Cannot write " + log.string(), errno);
  const off_t from = ::lseek(out.get(), 0, SEEK_END);
  process::SpawnPlan plan;
  plan.executable = step.executable;
  plan.arguments = step.arguments;
  plan.environment = environment();
  plan.descriptors = {{out.get(), 1}, {out.get(), 2}};
  plan.new_session = true;
  WARDIAN_ASSIGN(process::Child child, process::Child::spawn(plan));
  WARDIAN_ASSIGN(const EndsWithUs watch, EndsWithUs::start(child.pid()));
  // Builders start programs of their own: all of its session go with it. Its number is its own as long as it is not reaped.
  const auto end_all = [&] { ::kill(-child.pid(), SIGKILL); };
  std::optional<process::ExitStatus> end;
  while (!(end = child.wait(kLookEvery))) {
    if (Status going = process::may_go_on(progress.cancel, progress.deadline, "while an image was made: " + step.what);
        !going.ok()) {
      end_all();
      return going;
    }
  }
  if (!end->signalled && end->number == 0) return {};
  const std::string said = last_lines(log, static_cast<std::uint64_t>(std::max<off_t>(from, 0)));
  const std::string how =
      end->signalled ? "a signal ended it: " + std::to_string(end->number) : "status " + std::to_string(end->number);
  std::error_code error;
  if (const auto room = std::filesystem::space(log, error); !error && room.available < kRoomMin)
    return Error{ErrorCode::disk_full,
                 step.what + " failed: the disk is full where images are, at " + log.parent_path().string(),
                 {},
                 "WARDIAN_IMAGES names another folder for them"};
  return Error{ErrorCode::image_failed, step.what + " failed (" + how + ")" + (said.empty() ? "" : "\n" + said), {}, {}};
}

}  // namespace wardian::image

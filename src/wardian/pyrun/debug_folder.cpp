#include "wardian/pyrun/debug_folder.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>

#include "wardian/process/system_error.h"
#include "wardian/pyrun/debug_call.h"

namespace wardian::pyrun {
namespace {

namespace fs = std::filesystem;

Error cannot(const char* what, const fs::path& path, int number) {
  return process::file_error(std::string(what) + " " + path.string(), number);
}

/// With all links followed, so that what they lead to is replaced rather than a link.
fs::path resolved(const fs::path& given) {
  std::error_code error;
  fs::path path = fs::weakly_canonical(fs::absolute(given, error), error);
  return path.has_filename() ? path : path.parent_path();
}

/// What queries that were killed while they wrote have left beside `folder`: hidden folders that begin with `start`, then a process id.
void remove_leftovers(const fs::path& parent, const std::string& start) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(start)) continue;
    pid_t pid = 0;
    const auto [end, bad] = std::from_chars(name.data() + start.size(), name.data() + name.size(), pid);
    if (bad != std::errc() || *end != '-' || pid <= 0) continue;
    if (::kill(pid, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), error);
  }
}

}  // namespace

DebugFolder::DebugFolder(fs::path folder, fs::path package) : folder_(resolved(folder)), package_(std::move(package)) {}

DebugFolder::~DebugFolder() = default;

bool DebugFolder::holds_call(const fs::path& folder) {
  std::ifstream file(folder / kDebugCallFile, std::ios::binary);
  std::string start(kDebugCallStart.size(), '\0');
  return file.read(start.data(), static_cast<std::streamsize>(start.size())) && start == kDebugCallStart;
}

Status DebugFolder::check() const {
  std::error_code error;
  const fs::file_status there = fs::status(folder_, error);
  const fs::path parent = folder_.parent_path();
  if (!fs::exists(there)) {
    if (!fs::is_directory(parent, error))
      return Error{.code = ErrorCode::file_not_found,
                   .message = "There is no folder " + parent.string() + " to keep Python calls in"};
  } else if (!fs::is_directory(there) || (!fs::is_empty(folder_, error) && !holds_call(folder_)) || folder_ == parent) {
    return Error{.code = ErrorCode::access_denied,
                 .message = "Python calls are not kept in " + folder_.string() + ": something else is there",
                 .hint = "Name a folder that is empty, that is not there yet, or in which calls were kept before."};
  }
  if (::access(parent.c_str(), W_OK | X_OK) != 0) return cannot("Cannot write into", parent, errno);
  return {};
}

fs::path DebugFolder::beside(const std::string& ending) const {
  return folder_.parent_path() / ("." + folder_.filename().string() + ".new-" + std::to_string(::getpid()) + "-" + ending);
}

Status DebugFolder::keep(const SentCall& sent, const std::string& image, const fs::path& python) {
  const std::lock_guard lock(mutex_);
  WARDIAN_ASSIGN(const Begun begun, begin_locked(sent, image, python));
  return finish_locked(begun);
}

Result<DebugFolder::Begun> DebugFolder::begin(const SentCall& sent, const std::string& image, const fs::path& python) {
  const std::lock_guard lock(mutex_);
  return begin_locked(sent, image, python);
}

Status DebugFolder::finish(const Begun& begun) {
  const std::lock_guard lock(mutex_);
  return finish_locked(begun);
}

Result<DebugFolder::Begun> DebugFolder::begin_locked(const SentCall& sent, const std::string& image, const fs::path& python) {
  Begun begun{.stage = {}, .number = ++calls_};
  if (begun.number > kDebugCallsMax) return begun;
  if (begun.number == 1) {
    WARDIAN_TRY(check());
    remove_leftovers(folder_.parent_path(), "." + folder_.filename().string() + ".new-");
  }
  begun.stage = beside(std::to_string(begun.number));
  std::error_code error;
  fs::remove_all(begun.stage, error);
  if (::mkdir(begun.stage.c_str(), 0777) != 0) return cannot("Cannot make", begun.stage, errno);
  Status written = write_debug_call(begun.stage, {image, python, package_}, begun.number, sent);
  if (!written.ok()) return given_up(begun, std::move(written).error());
  return begun;
}

Status DebugFolder::add_batch(Begun& begun, const std::shared_ptr<const SealedFrame>& batch, const Call& call) const {
  if (begun.stage.empty()) return {};
  Status written = write_debug_batch(begun.stage, ++begun.batches, batch, call);
  if (written.ok()) return written;
  return given_up(begun, std::move(written).error());
}

Status DebugFolder::finish_locked(const Begun& begun) {
  if (begun.stage.empty()) return {};
  Status placed = place(begun.stage, begun.number);
  if (!placed.ok()) return given_up(begun, std::move(placed).error());
  ++kept_;
  return {};
}

Error DebugFolder::given_up(const Begun& begun, Error error) const {
  std::error_code ignored;
  fs::remove_all(begun.stage, ignored);
  const std::string what = "The Python call could not be kept in " + folder_.string();
  if (error.code == ErrorCode::disk_full) {
    error.message = what + ": the disk is full";
    error.hint = "Name a folder on another disk, or hand the script fewer rows.";
  } else if (error.code == ErrorCode::io) {
    error.message = what + ": " + error.message;
  }
  return error;
}

Status DebugFolder::place(const fs::path& stage, std::uint64_t number) {
  if (number > 1) {
    // By the folder that is ours, not by its name: another query may have put its own there since.
    if (::renameat(AT_FDCWD, stage.c_str(), placed_.get(), std::to_string(number).c_str()) == 0) return {};
    if (errno == ENOENT)
      return Error{.code = ErrorCode::io,
                   .message = "another query has put its own calls there",
                   .hint = "Give each query a folder of its own."};
    return cannot("Cannot put a call into", folder_, errno);
  }
  UniqueFd made(::open(stage.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!made) return cannot("Cannot open", stage, errno);
  WARDIAN_TRY(replace(stage));
  placed_ = std::move(made);
  return {};
}

Status DebugFolder::replace(const fs::path& stage) {
  // An empty folder gives way by itself.
  if (::rename(stage.c_str(), folder_.c_str()) == 0) return {};
  if (errno != ENOTEMPTY && errno != EEXIST) return cannot("Cannot make", folder_, errno);
  fs::path old = stage;  // where an exchange leaves it
  if (::renameat2(AT_FDCWD, stage.c_str(), AT_FDCWD, folder_.c_str(), RENAME_EXCHANGE) != 0) {
    if (errno != EINVAL && errno != ENOSYS) return cannot("Cannot replace", folder_, errno);
    // A file system that cannot exchange: for a moment there is neither.
    old = beside("old");
    if (::rename(folder_.c_str(), old.c_str()) != 0) return cannot("Cannot replace", folder_, errno);
    if (::rename(stage.c_str(), folder_.c_str()) != 0) {
      const int number = errno;
      (void)::rename(old.c_str(), folder_.c_str());
      return cannot("Cannot replace", folder_, number);
    }
  }
  std::error_code error;
  fs::remove_all(old, error);
  return {};
}

std::uint64_t DebugFolder::calls_kept() const {
  const std::lock_guard lock(mutex_);
  return kept_;
}

bool DebugFolder::any_begun() const {
  const std::lock_guard lock(mutex_);
  return calls_ > 0;
}

std::uint64_t DebugFolder::calls_left_out() const {
  const std::lock_guard lock(mutex_);
  return calls_ > kDebugCallsMax ? calls_ - kDebugCallsMax : 0;
}

}  // namespace wardian::pyrun

#include "wardian/process/whole_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>

#include "wardian/base/unique_fd.h"
#include "wardian/process/system_error.h"
#include "wardian/process/write_all.h"

namespace wardian::process {
namespace {

constexpr std::string_view kPartBegin = ".wardian-", kPartEnd = ".part";
constexpr std::time_t kLeftSeconds = 24 * 3600;
constexpr mode_t kMode = 0666;  // less the umask

Error cannot_write(const std::filesystem::path& shown, int number) {
  return file_error("Cannot write " + shown.string(), number);
}

std::string part_name() {
  static std::atomic<unsigned> next{0};
  return std::string(kPartBegin) + std::to_string(::getpid()) + "-" + std::to_string(next++) + std::string(kPartEnd);
}

/// A file under construction: without a name where the file system can do that, so that nothing is left when we are killed.
class Part {
 public:
  Part(int folder, const std::string& name) : folder_(folder), name_(name) {}
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() {
    if (named_) ::unlinkat(folder_, name_.c_str(), 0);
  }

  bool open() {
    fd_ = UniqueFd(::openat(folder_, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, kMode));
    if (!fd_) {
      fd_ = UniqueFd(::openat(folder_, name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kMode));
      named_ = static_cast<bool>(fd_);
    }
    return static_cast<bool>(fd_);
  }

  /// As write_all.
  int write(std::string_view bytes) const {
    std::span<const std::byte> left = std::as_bytes(std::span(bytes));
    return write_all(fd_.get(), left);
  }

  bool sync() const { return ::fsync(fd_.get()) == 0; }

  bool put_at(const std::string& name, bool replace) {
    const std::string self = "/proc/self/fd/" + std::to_string(fd_.get());
    if (!replace && !named_) return ::linkat(AT_FDCWD, self.c_str(), folder_, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
    if (!replace) return ::linkat(folder_, name_.c_str(), folder_, name.c_str(), 0) == 0;
    if (!named_) {
      if (::linkat(AT_FDCWD, self.c_str(), folder_, name_.c_str(), AT_SYMLINK_FOLLOW) != 0) return false;
      named_ = true;
    }
    if (::renameat(folder_, name_.c_str(), folder_, name.c_str()) != 0) return false;
    named_ = false;
    return true;
  }

 private:
  int folder_;
  std::string name_;
  UniqueFd fd_;
  bool named_ = false;
};

}  // namespace

Result<std::string> read_whole_file(const std::filesystem::path& path) {
  std::error_code code;
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path, code))
    return Error{ErrorCode::file_not_found, "Cannot read " + path.string(), {}, {}};
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) return system_error(ErrorCode::io, "Cannot read " + path.string(), errno);
  return std::move(text).str();
}

Result<bool> write_whole_file(int folder, const std::string& name, std::span<const std::string_view> pieces, WholeFile how,
                              const std::filesystem::path& shown) {
  Part part(folder, part_name());
  if (!part.open()) return cannot_write(shown, errno);
  for (const std::string_view piece : pieces) {
    if (const int failed = part.write(piece); failed != 0) return cannot_write(shown, failed);
  }
  // Else a name could outlive, after a crash of the machine, what it names.
  if (how.durable && !part.sync()) return cannot_write(shown, errno);
  if (!part.put_at(name, how.replace)) {
    if (errno == EEXIST && !how.replace) return false;
    return cannot_write(shown, errno);
  }
  if (how.durable && ::fsync(folder) != 0) return cannot_write(shown, errno);
  return true;
}

Status write_text_file(const std::filesystem::path& file, std::string_view text) {
  const UniqueFd out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode));
  std::span<const std::byte> left = std::as_bytes(std::span(text));
  if (const int number = out ? write_all(out.get(), left) : errno; number != 0) return cannot_write(file, number);
  return {};
}

void remove_left_parts(int folder) {
  const int again = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (again < 0) return;
  DIR* const entries = ::fdopendir(again);
  if (entries == nullptr) {
    ::close(again);
    return;
  }
  while (const dirent* entry = ::readdir(entries)) {
    const std::string_view name = entry->d_name;
    struct stat status = {};
    if (!name.starts_with(kPartBegin) || !name.ends_with(kPartEnd)) continue;
    if (::fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) continue;
    if (status.st_mtime < std::time(nullptr) - kLeftSeconds) ::unlinkat(folder, entry->d_name, 0);
  }
  ::closedir(entries);
}

}  // namespace wardian::process

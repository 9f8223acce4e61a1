#include "wardian/cli/answer/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "wardian/base/file_error.h"

namespace wardian::cli {

namespace fs = std::filesystem;

namespace {

Error cannot_write(const fs::path& path, int number) {
  return Error{code_of_file_error(number), "Cannot write: " + path.string() + ": " + std::strerror(number), {}, ""};
}

}  // namespace

Result<OutputFile> OutputFile::open(const fs::path& path) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd) return cannot_write(path, errno);
    return OutputFile(path, {}, std::move(fd));
  }
  // A link stays a link: what it points to is replaced.
  const fs::path target = fs::exists(status) ? fs::canonical(path, code) : path;
  if (fs::exists(status) && ::access(target.c_str(), W_OK) != 0) return cannot_write(path, errno);
  const fs::path part = target.string() + "." + std::to_string(::getpid()) + ".part";
  UniqueFd fd(::open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!fd) return cannot_write(path, errno);
  struct stat before {};
  if (fs::exists(status) && ::stat(target.c_str(), &before) == 0) ::fchmod(fd.get(), before.st_mode & 07777);
  return OutputFile(target, part, std::move(fd));
}

OutputFile::~OutputFile() {
  if (fd_ && !part_.empty()) ::unlink(part_.c_str());
}

Result<UniqueFd> OutputFile::restart() {
  struct stat before {};
  if (::fstat(fd_.get(), &before) != 0 || ::unlink(part_.c_str()) != 0) return cannot_write(path_, errno);
  UniqueFd fd(::open(part_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!fd) return cannot_write(path_, errno);
  ::fchmod(fd.get(), before.st_mode & 07777);
  fd_.swap(fd);
  return fd;
}

Status OutputFile::commit() {
  if (part_.empty()) return {};
  if (::rename(part_.c_str(), path_.c_str()) != 0) return cannot_write(path_, errno);
  part_.clear();
  return {};
}

}  // namespace wardian::cli

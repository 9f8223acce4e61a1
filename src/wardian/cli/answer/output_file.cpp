#include "wardian/cli/answer/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "wardian/process/system_error.h"

namespace wardian::cli {

namespace fs = std::filesystem;

namespace {

Error cannot_write(const fs::path& path, int number) { return process::file_error("Cannot write: " + path.string(), number); }

}  // namespace

Result<OutputFile> OutputFile::open(const fs::path& path) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd) return cannot_write(path, errno);
    return OutputFile(path, std::move(fd));
  }
  // A link stays a link: what it points to is replaced.
  const fs::path target = fs::exists(status) ? fs::canonical(path, code) : path;
  if (fs::exists(status) && ::access(target.c_str(), W_OK) != 0) return cannot_write(path, errno);
  const fs::path folder = target.has_parent_path() ? target.parent_path() : ".";
  OutputFile file(target, UniqueFd(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)));
  if (!file.fd_ || !target.has_filename()) return cannot_write(path, file.fd_ ? EISDIR : errno);
  struct stat before {};
  if (fs::exists(status) && ::stat(target.c_str(), &before) == 0) file.mode_ = before.st_mode & 07777;
  WARDIAN_TRY(file.begin_part());
  return file;
}

Status OutputFile::begin_part() {
  part_ = process::PartFile::make(fd_.get());
  if (!*part_) return cannot_write(path_, errno);
  if (mode_ != 0) ::fchmod(part_->fd(), mode_);
  return {};
}

Result<UniqueFd> OutputFile::restart() {
  UniqueFd before(::fcntl(part_->fd(), F_DUPFD_CLOEXEC, 0));
  if (!before) return cannot_write(path_, errno);
  WARDIAN_TRY(begin_part());
  return before;
}

Status OutputFile::commit() {
  if (!part_) return {};
  if (!part_->put_at(path_.filename(), true)) return cannot_write(path_, errno);
  return {};
}

}  // namespace wardian::cli

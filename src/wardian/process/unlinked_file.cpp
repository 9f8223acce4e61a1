#include "wardian/process/unlinked_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "wardian/process/system_error.h"

namespace wardian::process {
Result<UniqueFd> unlinked_file(const std::filesystem::path& folder) {
  UniqueFd fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR));
  if (fd) return fd;
  const int number = errno;
  if (number == EOPNOTSUPP || number == EISDIR || number == ENOENT) {
    // A file system that knows no file without a name: it has one for a moment.
    std::string name = (folder / "unnamed-XXXXXX").string();
    UniqueFd named(::mkostemp(name.data(), O_CLOEXEC));
    if (named && ::unlink(name.c_str()) == 0) return named;
  }
  Error error = file_error("cannot make a temporary file in " + folder.string(), errno);
  if (error.code == ErrorCode::disk_full) error.hint = "TMPDIR names the folder for what does not fit into memory.";
  return error;
}

}  // namespace wardian::process

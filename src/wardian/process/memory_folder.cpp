#include "wardian/process/memory_folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "wardian/process/system_error.h"

namespace wardian::process {

Result<MemoryFile> MemoryFolder::create() const {
  UniqueFd fd(::openat(mount_.get(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!fd) return system_error(ErrorCode::out_of_memory, "cannot create a memory file", errno);
  return MemoryFile(std::move(fd));
}

bool MemoryFolder::usable() const {
  Result<MemoryFile> file = create();
  return file.ok() && file->seal().ok();
}

}  // namespace wardian::process

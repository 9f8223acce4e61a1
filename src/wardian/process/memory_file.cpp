#include "wardian/process/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "wardian/process/system_error.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

namespace wardian::process {
namespace {

constexpr int kAllSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

/// A file of a MemoryFolder, of which the kernel says that its seals may not be changed because it has none; or one on disk, where
/// there is no such thing.
bool without_seals(int fd) {
  const int seals = ::fcntl(fd, F_GET_SEALS);
  return seals == F_SEAL_SEAL || (seals < 0 && errno == EINVAL);
}

/// Whether nobody can find the file by a name.
bool without_name(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 0;
}

/// Whether such a file is open for reading here and for writing nowhere: the kernel grants a read lease only then,
/// and a writable shared mapping counts as an open file.
bool without_writers(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || (flags & O_ACCMODE) != O_RDONLY || !without_name(fd)) return false;
  if (::fcntl(fd, F_SETLEASE, F_RDLCK) != 0) return false;
  ::fcntl(fd, F_SETLEASE, F_UNLCK);
  return true;
}

Result<Mapping> map_file(int fd, std::uint64_t size_bytes, int protection) {
  if (size_bytes == 0) return Mapping();
  void* address = ::mmap(nullptr, size_bytes, protection, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) return system_error(ErrorCode::out_of_memory, "cannot map a memory file", errno);
  return Mapping(static_cast<std::byte*>(address), size_bytes);
}

}  // namespace

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_bytes_, other.size_bytes_);
  return *this;
}

Mapping::~Mapping() {
  if (data_ != nullptr) ::munmap(data_, size_bytes_);
}

Result<MemoryFile> MemoryFile::create(const std::string& name, std::uint64_t size_bytes) {
  UniqueFd fd(::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL));
  // Kernels before 6.3 know no MFD_NOEXEC_SEAL and answer EINVAL.
  if (!fd && errno == EINVAL) fd = UniqueFd(::memfd_create(name.c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return system_error(ErrorCode::out_of_memory, "cannot create a memory file", errno);
  MemoryFile file(std::move(fd));
  if (size_bytes > 0) WARDIAN_TRY(file.resize(size_bytes));
  return file;
}

Result<MemoryFile> MemoryFile::sealed_copy(const std::string& name, std::span<const std::byte> bytes) {
  WARDIAN_ASSIGN(MemoryFile file, create(name));
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t written = ::pwrite(file.fd(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return system_error(ErrorCode::out_of_memory, "cannot fill a memory file", errno);
    done += static_cast<std::size_t>(written);
  }
  WARDIAN_TRY(file.seal());
  return file;
}

Result<std::uint64_t> MemoryFile::size_bytes() const {
  struct stat status {};
  if (::fstat(fd_.get(), &status) != 0) return system_error(ErrorCode::io, "cannot stat a memory file", errno);
  return static_cast<std::uint64_t>(status.st_size);
}

Status MemoryFile::resize(std::uint64_t size_bytes) {
  if (::ftruncate(fd_.get(), static_cast<off_t>(size_bytes)) != 0)
    return system_error(ErrorCode::out_of_memory, "cannot size a memory file", errno);
  return {};
}

Result<Mapping> MemoryFile::map_shared() {
  WARDIAN_ASSIGN(const std::uint64_t size, size_bytes());
  return map_file(fd_.get(), size, PROT_READ | PROT_WRITE);
}

Result<Mapping> MemoryFile::map_read_only() const {
  WARDIAN_ASSIGN(const std::uint64_t size, size_bytes());
  return map_file(fd_.get(), size, PROT_READ);
}

Status MemoryFile::seal() {
  if (!without_seals(fd_.get())) {
    if (sealed(fd_.get()) || try_seal(fd_.get())) return {};
    return system_error(ErrorCode::io, "cannot seal a memory file", errno);
  }
  const std::string own = "/proc/self/fd/" + std::to_string(fd_.get());
  UniqueFd reader(::open(own.c_str(), O_RDONLY | O_CLOEXEC));
  if (!reader) return system_error(ErrorCode::io, "cannot open a memory file for reading", errno);
  fd_ = std::move(reader);
  if (!without_writers(fd_.get())) return system_error(ErrorCode::io, "cannot seal a memory file", EBUSY);
  return {};
}

bool MemoryFile::try_seal(int fd) { return ::fcntl(fd, F_ADD_SEALS, kAllSeals) == 0; }

bool MemoryFile::sealed(int fd) {
  const int seals = ::fcntl(fd, F_GET_SEALS);
  return (seals >= 0 && (seals & kAllSeals) == kAllSeals) || (without_seals(fd) && without_writers(fd));
}

}  // namespace wardian::process

#include "wardian/sandbox/cgroup_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "wardian/base/unique_fd.h"

namespace wardian::sandbox {
namespace {

class KernelFiles : public CgroupFiles {
 public:
  std::optional<std::string> read(const std::string& path) override {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return std::nullopt;
    std::string text;
    char part[4096];
    ssize_t size = 0;
    while ((size = ::read(file.get(), part, sizeof part)) > 0) text.append(part, static_cast<std::size_t>(size));
    return size < 0 ? std::nullopt : std::optional(std::move(text));
  }
  int write(const std::string& path, std::string_view text) override {
    const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file) return errno;
    return ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : errno;
  }
  int make_folder(const std::string& path) override { return ::mkdir(path.c_str(), 0755) == 0 ? 0 : errno; }
  int remove_folder(const std::string& path) override { return ::rmdir(path.c_str()) == 0 ? 0 : errno; }
  bool writable(const std::string& path) override { return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0; }
  bool folder_exists(const std::string& path) override {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  }
};

}  // namespace

CgroupFiles& kernel_cgroup_files() {
  static KernelFiles files;
  return files;
}

}  // namespace wardian::sandbox

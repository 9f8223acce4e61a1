#include "wardian/image/lock_of_copy.h"

#include <stdlib.h>

#include <cerrno>

#include "wardian/image/installer.h"
#include "wardian/process/system_error.h"
#include "wardian/process/whole_file.h"

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

/// A folder for as long as the installer works.
class WorkFolder {
 public:
  static Result<WorkFolder> make() {
    std::string path = (fs::temp_directory_path() / "wardian-lock-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) return process::file_error("Cannot make a folder at " + path, errno);
    return WorkFolder(path);
  }
  WorkFolder(WorkFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  WorkFolder& operator=(WorkFolder&&) = delete;
  ~WorkFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  explicit WorkFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

}  // namespace

Result<std::string> lock_of_copy(const StoredImage& image, const fs::path& default_python, const std::string& installer,
                                 const Progress& progress) {
  std::string pinned;
  for (const Package& package : image.manifest.packages) pinned += package.name + "==" + package.version + "\n";
  WARDIAN_ASSIGN(const WorkFolder work, WorkFolder::make());
  const fs::path requirements = work.path() / "requirements.txt";
  WARDIAN_TRY(process::write_text_file(requirements, pinned));
  WARDIAN_ASSIGN(const Interpreter python, examine_interpreter(image.manifest.python));
  WARDIAN_ASSIGN(const FoundInstaller found, find_installer(installer, python, default_python));
  auto lock = found.installer->choose({.python = python,
                                       .program = found.program,
                                       .folder = work.path(),
                                       .requirements = {requirements},
                                       .constraints = {},
                                       .site_packages = {},
                                       .dependencies_too = false,
                                       .sources_allowed = false,
                                       .progress = &progress});
  if (lock.ok()) return lock;
  Error error = std::move(lock).error();
  if (error.code == ErrorCode::image_failed)
    error.hint =
        "The image was copied from an environment; it has a lock only if the index has each of its packages. "
        "wardian image show lists them";
  return error;
}

}  // namespace wardian::image

#include "wardian/cli/outputs/artifact_folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "wardian/process/system_error.h"
#include "wardian/process/whole_file.h"

namespace wardian::cli {

namespace fs = std::filesystem;

namespace {

// No output can have a name that begins with a dot.
constexpr char kMark[] = ".wardian-artifacts";
constexpr std::string_view kMarkText = "wardian query --artifacts saves here, and replaces what it saved.\n";

Error cannot_save(const fs::path& path, int number) { return process::file_error("Cannot save in " + path.string(), number); }

/// A folder in `parent`, made when missing. Where something else has the name (a file, a link) it gets a number.
Result<UniqueFd> subfolder(int parent, std::string part, fs::path& path) {
  const std::string wanted = part;
  for (int number = 2;; ++number) {
    if (::mkdirat(parent, part.c_str(), 0777) != 0 && errno != EEXIST) return cannot_save(path / part, errno);
    UniqueFd folder(::openat(parent, part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (folder) {
      path /= part;
      return folder;
    }
    if (errno != ENOTDIR && errno != ELOOP) return cannot_save(path / part, errno);
    part = wanted + "-" + std::to_string(number);
  }
}

/// The folder that a name lies in, below `folder`; its last part is left in `name`, the way there is added to `path`.
Result<UniqueFd> folder_of(int folder, fs::path& path, std::string& name) {
  UniqueFd here(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!here) return cannot_save(path, errno);
  for (std::size_t end = 0; (end = name.find('/')) != std::string::npos; name.erase(0, end + 1)) {
    WARDIAN_ASSIGN(here, subfolder(here.get(), name.substr(0, end), path));
  }
  return here;
}

}  // namespace

Result<ArtifactFolder> ArtifactFolder::open(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return cannot_save(path, code ? code.value() : errno);
  struct stat status = {};
  bool ours = ::fstatat(fd.get(), kMark, &status, AT_SYMLINK_NOFOLLOW) == 0;
  if (!ours && fs::is_empty(path, code) && !code) {
    const std::string_view pieces[] = {kMarkText};
    WARDIAN_TRY(process::write_whole_file(fd.get(), kMark, pieces, {}, path / kMark));
    ours = true;
  }
  return ArtifactFolder(path, std::move(fd), ours);
}

Result<fs::path> ArtifactFolder::save(pyrun::Extra extra) {
  const std::string_view pieces[] = {extra.content()};
  const std::string wanted = extra.name;
  // Of files in the folder a blob's is one more.
  if (extra.kind == pyrun::ExtraKind::blob) extra.kind = pyrun::ExtraKind::file;
  while (true) {
    extra.name = wanted;
    names_.take(extra);
    fs::path shown = path_;
    std::string name = extra.name;
    WARDIAN_ASSIGN(const UniqueFd folder, folder_of(fd_.get(), shown, name));
    shown /= name;
    struct stat there = {};
    const bool is_folder = ::fstatat(folder.get(), name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(there.st_mode);
    if (is_folder) continue;
    WARDIAN_ASSIGN(const bool saved, process::write_whole_file(folder.get(), name, pieces, {.replace = ours_}, shown));
    if (saved) return shown;
  }
}

}  // namespace wardian::cli

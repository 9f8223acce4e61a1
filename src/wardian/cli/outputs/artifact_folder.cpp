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

Error cannot_save(const fs::path& path, int number) {
  return process::system_error(ErrorCode::io, "Cannot save in " + path.string(), number);
}

/// The folder that a name lies in, below `folder`; its last part is left in `name`.
Result<UniqueFd> folder_of(int folder, const fs::path& shown, std::string& name) {
  UniqueFd here(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  fs::path path = shown;
  while (here) {
    const std::size_t end = name.find('/');
    if (end == std::string::npos) return here;
    const std::string part = name.substr(0, end);
    path /= part;
    if (::mkdirat(here.get(), part.c_str(), 0777) != 0 && errno != EEXIST) return cannot_save(path, errno);
    here = UniqueFd(::openat(here.get(), part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    name.erase(0, end + 1);
  }
  return cannot_save(path, errno);
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
    const fs::path shown = path_ / extra.name;
    std::string name = extra.name;
    WARDIAN_ASSIGN(const UniqueFd folder, folder_of(fd_.get(), path_, name));
    WARDIAN_ASSIGN(const bool saved, process::write_whole_file(folder.get(), name, pieces, {.replace = ours_}, shown));
    if (saved) return shown;
  }
}

}  // namespace wardian::cli

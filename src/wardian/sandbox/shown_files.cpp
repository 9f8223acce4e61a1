#include "wardian/sandbox/shown_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "wardian/base/hexadecimal.h"
#include "wardian/process/system_error.h"
#include "wardian/sandbox/launcher/removal.h"

namespace wardian::sandbox {
namespace {

namespace fs = std::filesystem;

// To be entered by who knows a name in it, not to be listed: a child may be the folder's owner.
constexpr mode_t kUnlisted = 0311;

Error no_folder(const fs::path& folder, int number) {
  Error error = process::system_error(ErrorCode::io, "Cannot make a folder for the files of scripts: " + folder.string(), number);
  error.hint = "Point TMPDIR at a folder with space.";
  return error;
}

/// 128 random bits: a child of another call cannot find it by trying.
Result<std::string> unguessable_name() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    return process::system_error(ErrorCode::io, "The system gives no random numbers", errno);
  return hexadecimal(std::as_bytes(std::span(bytes)));
}

}  // namespace

ShownCall& ShownCall::operator=(ShownCall&& other) noexcept {
  std::swap(on_host_, other.on_host_);
  std::swap(inside_, other.inside_);
  return *this;
}

ShownCall::~ShownCall() {
  if (!on_host_.empty()) launcher::remove_tree(on_host_.string());
}

Result<std::shared_ptr<ShownFiles>> ShownFiles::make(const fs::path& prefix, bool for_strangers) {
  // Where everybody may make folders, a name that can be foreseen can be taken first.
  std::string folder = prefix.string() + "-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) return no_folder(prefix, errno);
  std::shared_ptr<ShownFiles> made(new ShownFiles(folder));
  for (const fs::path& part : {made->kept_part(), made->shown_part()})
    if (::mkdir(part.c_str(), 0700) != 0) return no_folder(part, errno);
  if (::chmod(made->shown_part().c_str(), kUnlisted) != 0 || (for_strangers && ::chmod(folder.c_str(), 0711) != 0))
    return no_folder(folder, errno);
  // By a lock those who clear out old files know that somebody lives there, however long nobody came.
  made->locked_ = UniqueFd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ::flock(made->locked_.get(), LOCK_SH | LOCK_NB);
  made->inside_ = made->shown_part().string();
  return made;
}

ShownFiles::~ShownFiles() { launcher::remove_tree(folder_.string()); }

Result<ShownCall> ShownFiles::show(std::span<const File> files) const {
  WARDIAN_ASSIGN(const std::string name, unguessable_name());
  const fs::path on_host = shown_part() / name;
  if (::mkdir(on_host.c_str(), 0700) != 0) return no_folder(on_host, errno);
  ShownCall call(on_host, inside_ + "/" + name);
  for (const File& file : files)
    // Another name of the same file: no byte is copied.
    if (::link(file.kept.c_str(), (on_host / file.name).c_str()) != 0)
      return process::system_error(ErrorCode::io, "Cannot show a file to the script: " + file.name, errno);
  if (::chmod(on_host.c_str(), kUnlisted) != 0) return no_folder(on_host, errno);
  return call;
}

}  // namespace wardian::sandbox

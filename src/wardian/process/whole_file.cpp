#include "wardian/process/whole_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <fstream>

#include "wardian/base/unique_fd.h"
#include "wardian/process/part_file.h"
#include "wardian/process/system_error.h"
#include "wardian/process/write_all.h"

namespace wardian::process {
namespace {

constexpr std::time_t kLeftSeconds = 24 * 3600;
constexpr mode_t kMode = 0666;  // less the umask

Error cannot_write(const std::filesystem::path& shown, int number) {
  return file_error("Cannot write " + shown.string(), number);
}

}  // namespace

Result<std::string> read_whole_file(const std::filesystem::path& path) {
  std::error_code code;
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path, code))
    return Error{ErrorCode::file_not_found, "Cannot read " + path.string(), {}, {}};
  std::string text, block(std::size_t{1} << 16, '\0');
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    text.append(block, 0, static_cast<std::size_t>(in.gcount()));
    if (text.size() > kWholeFileBytesMax)
      return Error{ErrorCode::bad_file, "Too large to be read whole: " + path.string(), {}, "A text of up to 256 MiB is meant."};
  }
  if (in.bad()) return system_error(ErrorCode::io, "Cannot read " + path.string(), errno);
  return text;
}

Result<bool> write_whole_file(int folder, const std::string& name, std::span<const std::string_view> pieces, WholeFile how,
                              const std::filesystem::path& shown) {
  PartFile part = PartFile::make(folder);
  if (!part) return cannot_write(shown, errno);
  for (const std::string_view piece : pieces) {
    std::span<const std::byte> left = std::as_bytes(std::span(piece));
    if (const int failed = write_all(part.fd(), left); failed != 0) return cannot_write(shown, failed);
  }
  // Else a name could outlive, after a crash of the machine, what it names.
  if (how.durable && ::fsync(part.fd()) != 0) return cannot_write(shown, errno);
  if (!part.put_at(name, how.replace)) {
    if (errno == EEXIST && !how.replace) return false;
    return cannot_write(shown, errno);
  }
  if (how.durable && ::fsync(folder) != 0) return cannot_write(shown, errno);
  return true;
}

Status write_text_file(const std::filesystem::path& file, std::string_view text) {
  const UniqueFd out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode));
  std::span<const std::byte> left = std::as_bytes(std::span(text));
  if (const int number = out ? write_all(out.get(), left) : errno; number != 0) return cannot_write(file, number);
  return {};
}

void remove_left_parts(int folder) {
  const int again = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (again < 0) return;
  DIR* const entries = ::fdopendir(again);
  if (entries == nullptr) {
    ::close(again);
    return;
  }
  while (const dirent* entry = ::readdir(entries)) {
    const std::string_view name = entry->d_name;
    struct stat status = {};
    if (!is_part_name(name)) continue;
    if (::fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) continue;
    if (status.st_mtime < std::time(nullptr) - kLeftSeconds) ::unlinkat(folder, entry->d_name, 0);
  }
  ::closedir(entries);
}

}  // namespace wardian::process

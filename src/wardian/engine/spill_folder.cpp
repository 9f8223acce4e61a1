#include "wardian/engine/spill_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace wardian::engine {

namespace fs = std::filesystem;

namespace {

/// A pid alone may be another process by now; with its start time it is that one. Empty when there is no such process.
std::string process_mark(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  // The command's name stands in parentheses and may hold anything; the start time is field 22, the 20th after it.
  const std::size_t after_name = text.rfind(')');
  if (after_name == std::string::npos) return {};
  std::istringstream fields(text.substr(after_name + 1));
  std::string field;
  for (int i = 0; i < 20; ++i) fields >> field;
  return pid + "-" + field;
}

Result<fs::path> base_folder() {
  std::error_code code;
  fs::path temporary = fs::temp_directory_path(code);
  if (code) temporary = "/tmp";
  const fs::path base = temporary / ("wardian-" + std::to_string(::geteuid()));
  if (::mkdir(base.c_str(), 0700) == 0) return base;
  // Somebody else may have put it there first: only a real folder of ours will do.
  struct stat status {};
  if (errno == EEXIST && ::lstat(base.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
      (status.st_mode & 0077) == 0)
    return base;
  return Error{ErrorCode::io,
               "The folder for temporary files cannot be used: " + base.string(),
               {},
               "Point TMPDIR at a folder of your own."};
}

}  // namespace

void remove_abandoned_spill(const fs::path& base) {
  std::error_code code;
  for (const fs::directory_entry& entry : fs::directory_iterator(base, code)) {
    const std::string name = entry.path().filename().string();
    const std::string pid = name.substr(0, name.find('-'));
    if (pid.empty() || pid.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string mark = process_mark(pid);
    const bool alive = !mark.empty() && name.starts_with(mark + ".");
    std::error_code ignored;
    if (!alive) fs::remove_all(entry.path(), ignored);
  }
}

Result<SpillFolder> SpillFolder::create() {
  static std::atomic<unsigned> number = 0;
  WARDIAN_ASSIGN(const fs::path base, base_folder());
  remove_abandoned_spill(base);
  const fs::path path = base / (process_mark(std::to_string(::getpid())) + "." + std::to_string(number++));
  if (::mkdir(path.c_str(), 0700) != 0)
    return Error{
        ErrorCode::io, "The folder for temporary files cannot be made: " + path.string() + ": " + std::strerror(errno), {}, {}};
  return SpillFolder(path);
}

SpillFolder::~SpillFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace wardian::engine

#include "wardian/engine/spill_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "wardian/process/private_folder.h"

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

fs::path temporary_folder() {
  std::error_code code;
  fs::path temporary = fs::temp_directory_path(code);
  return code ? fs::path("/tmp") : temporary;
}

std::string base_name() { return "wardian-" + std::to_string(::geteuid()); }

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
  const fs::path temporary = temporary_folder();
  for (const fs::path& base : process::private_folders(temporary, base_name())) remove_abandoned_spill(base);
  const std::string name = process_mark(std::to_string(::getpid())) + "." + std::to_string(number++);
  // Another engine that ends just now may take the empty folder away in between.
  constexpr int kTriesMax = 4;
  for (int tries = 1;; ++tries) {
    WARDIAN_ASSIGN(const fs::path base, process::private_folder(temporary, base_name()));
    const fs::path path = base / name;
    if (::mkdir(path.c_str(), 0700) == 0) return SpillFolder(path);
    if (errno != ENOENT || tries == kTriesMax)
      return Error{
          ErrorCode::io, "The folder for temporary files cannot be made: " + path.string() + ": " + std::strerror(errno), {}, {}};
  }
}

SpillFolder::~SpillFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  ::rmdir(path_.parent_path().c_str());  // when it was the last
}

}  // namespace wardian::engine

#include "wardian/process/private_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "wardian/process/system_error.h"

namespace wardian::process {
namespace {

namespace fs = std::filesystem;

constexpr int kNamesMax = 16;
constexpr const char* kHint = "Point TMPDIR at a folder of your own.";

fs::path candidate(const fs::path& parent, const std::string& name, int number) {
  return parent / (number == 0 ? name : name + "-" + std::to_string(number));
}

bool ours_alone(const fs::path& folder) {
  struct stat status {};
  return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
         (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

}  // namespace

Result<fs::path> private_folder(const fs::path& parent, const std::string& name) {
  for (int number = 0; number < kNamesMax; ++number) {
    const fs::path folder = candidate(parent, name, number);
    if (::mkdir(folder.c_str(), S_IRWXU) == 0) return folder;
    if (errno != EEXIST) {
      Error error = system_error(ErrorCode::io, "cannot make a folder: " + folder.string(), errno);
      error.hint = kHint;
      return error;
    }
    if (ours_alone(folder)) return folder;
  }
  return Error{ErrorCode::access_denied,
               "Others hold every name for a folder of our own: " + (parent / name).string() + " and so on",
               {},
               kHint};
}

std::vector<fs::path> private_folders(const fs::path& parent, const std::string& name) {
  std::vector<fs::path> found;
  for (int number = 0; number < kNamesMax; ++number)
    if (const fs::path folder = candidate(parent, name, number); ours_alone(folder)) found.push_back(folder);
  return found;
}

}  // namespace wardian::process

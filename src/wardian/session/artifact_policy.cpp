#include "wardian/session/artifact_policy.h"

#include <fcntl.h>

#include <cerrno>

#include "wardian/process/system_error.h"

namespace wardian::session {

Result<AllowedFolder> AllowedFolder::open(const std::filesystem::path& folder) {
  auto handle = std::make_shared<const UniqueFd>(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!handle->valid())
    return process::system_error(errno == ENOTDIR ? ErrorCode::bad_file : ErrorCode::file_not_found,
                                 "Cannot take artifacts from " + folder.string(), errno);
  std::error_code code;
  AllowedFolder made;
  made.given = std::filesystem::absolute(folder, code).lexically_normal();
  made.real = std::filesystem::canonical(folder, code);
  if (code) made.real = made.given;
  // A final slash would be a component of its own.
  for (std::filesystem::path* path : {&made.given, &made.real})
    if (!path->has_filename()) *path = path->parent_path();
  made.handle = std::move(handle);
  return made;
}

}  // namespace wardian::session

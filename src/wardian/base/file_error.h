#pragma once

#include <cerrno>

#include "wardian/base/error_codes.h"

namespace wardian {

/// What a failed write means to people: disk_full where there is no room, a quota or a limit of sizes included; else io.
inline ErrorCode code_of_file_error(int number) {
  return number == ENOSPC || number == EDQUOT || number == EFBIG ? ErrorCode::disk_full : ErrorCode::io;
}

}  // namespace wardian

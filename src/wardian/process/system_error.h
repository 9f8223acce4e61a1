#pragma once

#include <string_view>

#include "wardian/base/error.h"

namespace wardian::process {

/// An Error from a failed system call: "cannot open /x: No such file or directory".
/// `number` is the errno value; pass it before anything else can change errno.
Error system_error(ErrorCode code, std::string_view what, int number);
/// Likewise of a file: disk_full or io.
Error file_error(std::string_view what, int number);

}  // namespace wardian::process

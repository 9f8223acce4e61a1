#pragma once

#include "wardian/base/result.h"
#include "wardian/process/memory_file.h"
#include "wardian/pyrun/call.h"

namespace wardian::pyrun {

/// A sealed copy of one file that the script finds in its working folder. Only ordinary files are read: a pipe or device may
/// have no end. Reading stops at the call's deadline and cancellation, and past `input_bytes_max`.
/// Errors: file_not_found, bad_file, result_too_large, timeout, cancelled, io.
Result<process::MemoryFile> copy_input_file(const FileInput& input, const Call& call);

}  // namespace wardian::pyrun

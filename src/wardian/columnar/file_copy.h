#pragma once

#include <cstdint>

#include "wardian/base/result.h"

namespace wardian::columnar {

/// `bytes` of one file to another, from `from_begin` to `to_begin`. How many there were: less when the first file ends before. Read and
/// written rather than mapped: whoever can still shorten the file would have us die of it. Errors: disk_full, io.
Result<std::uint64_t> copy_bytes(int from, std::uint64_t from_begin, int to, std::uint64_t to_begin, std::uint64_t bytes);

}  // namespace wardian::columnar

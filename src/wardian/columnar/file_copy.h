#pragma once

#include <cstdint>

#include "wardian/base/result.h"

namespace wardian::columnar {

/// `bytes` of one file to another, from `from_begin` to `to_begin`; what lies beyond the end of the first counts as zeros, and stays a
/// hole. Errors: disk_full, io.
Status copy_bytes(int from, std::uint64_t from_begin, int to, std::uint64_t to_begin, std::uint64_t bytes);

}  // namespace wardian::columnar

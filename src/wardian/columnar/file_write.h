#pragma once

#include <cstdint>
#include <span>

#include "wardian/base/result.h"

namespace wardian::columnar {

/// The whole of `bytes` at `offset`; errors: disk_full, io.
Status write_all(int fd, std::span<const std::byte> bytes, std::uint64_t offset);

/// Replaces `count` int64 from `offset` on by what `change` makes of each.
Status rewrite_int64(int fd, std::uint64_t offset, std::uint64_t count, std::int64_t (*change)(std::int64_t));

}  // namespace wardian::columnar

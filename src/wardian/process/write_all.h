#pragma once

#include <cstddef>
#include <span>

namespace wardian::process {

/// Writes where the file stands. 0, or the errno value of what went wrong; `left` is what was not written then.
int write_all(int fd, std::span<const std::byte>& left);

}  // namespace wardian::process

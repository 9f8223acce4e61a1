#pragma once

#include <cstdint>
#include <string_view>

namespace wardian::kernels {

/// XXH64 with seed 0. Source: the "xxHash fast digest algorithm" specification, version 0.1.1.
std::uint64_t xxhash64(std::string_view bytes);

}  // namespace wardian::kernels

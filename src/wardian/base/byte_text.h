#pragma once

#include <cstdint>
#include <string>

namespace wardian {

/// A size as messages say it, rounded up: "92 MiB".
inline std::string in_mebibytes(std::uint64_t bytes) { return std::to_string((bytes + (1U << 20) - 1) >> 20) + " MiB"; }

}  // namespace wardian

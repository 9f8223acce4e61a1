#pragma once

#include <cstdint>
#include <string>

namespace wardian::kernels {

/// The value's digits, at least `width` of them.
void append_padded(std::string& out, std::uint64_t value, int width);

/// The first `count` digits, at most seven, of a second's ticks: f of a format. `trimmed` (F of a format) prints nothing
/// where the rest is zero.
void append_fraction(std::string& out, std::uint64_t ticks, int count, bool trimmed);

}  // namespace wardian::kernels

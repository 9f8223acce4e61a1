#pragma once

#include <optional>

#include "wardian/kernels/kernel_table.h"

/// Arithmetic of decimals: whole numbers of 10^-17 in 128 bits, below 10^21 in size. Results are exact, or rounded to the
/// nearest (halves to even) where digits lie beyond the seventeenth place; nullopt beyond the range,
/// of numbers that are beyond it (base/whole_decimal.h), and for a divisor of 0.
namespace wardian::kernels {

inline constexpr int kDecimalPlaces = 17;

/// Whether the value is within the range.
bool is_decimal(Int128 value);

std::optional<Int128> multiply_decimals(Int128 a, Int128 b);
std::optional<Int128> divide_decimals(Int128 a, Int128 b);
/// What is left of `a` below a whole multiple of `b`: from 0 to |b|, for negative numbers too.
std::optional<Int128> modulo_decimals(Int128 a, Int128 b);
/// The decimal that is written as the shortest text of the value is: 2.3 for 2.3. nullopt for NaN and infinities.
std::optional<Int128> decimal_of_real(double value);

}  // namespace wardian::kernels

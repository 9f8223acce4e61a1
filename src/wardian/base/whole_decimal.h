#pragma once

#include <optional>

/// Decimals are whole numbers of 10^-17 in 128 bits, below 10^21 in size. What is beyond that, and whole, is kept as the
/// number itself on top of 10^38 (below zero: under -10^38), where no other decimal is: so all decimals order, and are
/// equal, as their values are. Versions are such numbers (docs/decisions/0003); nothing computes with them.
namespace wardian {

__extension__ using DecimalBits = __int128;

inline constexpr DecimalBits kDecimalUnit = 100'000'000'000'000'000;                  // 10^17
inline constexpr DecimalBits kDecimalBound = kDecimalUnit * (kDecimalUnit * 10'000);  // 10^38

/// The decimal of a whole number below 7 * 10^37 in size.
constexpr DecimalBits decimal_of_whole(DecimalBits whole) {
  constexpr DecimalBits kFits = kDecimalBound / kDecimalUnit;
  if (whole < kFits && whole > -kFits) return whole * kDecimalUnit;
  return whole < 0 ? whole - kDecimalBound : whole + kDecimalBound;
}

/// The number, of a decimal of 10^21 and more in size; nullopt for all others.
constexpr std::optional<DecimalBits> large_whole_of(DecimalBits decimal) {
  if (decimal >= kDecimalBound) return decimal - kDecimalBound;
  if (decimal <= -kDecimalBound) return decimal + kDecimalBound;
  return std::nullopt;
}

}  // namespace wardian

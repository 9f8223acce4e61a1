#include "wardian/kernels/decimal.h"

#include <charconv>
#include <cmath>
#include <cstdint>

namespace wardian::kernels {
namespace {

__extension__ using UInt128 = unsigned __int128;

constexpr std::uint64_t kUnit = 100'000'000'000'000'000;     // 10^17
constexpr UInt128 kBound = UInt128{kUnit} * kUnit * 10'000;  // 10^38

UInt128 size_of(Int128 value) { return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value); }

/// 256 bits, unsigned.
struct Wide {
  UInt128 high = 0;
  UInt128 low = 0;
};

Wide product(UInt128 a, UInt128 b) {
  const UInt128 a0 = static_cast<std::uint64_t>(a), a1 = a >> 64, b0 = static_cast<std::uint64_t>(b), b1 = b >> 64;
  const UInt128 low = a0 * b0;
  const UInt128 cross = a1 * b0 + (low >> 64);
  const UInt128 other = a0 * b1 + static_cast<std::uint64_t>(cross);
  return {a1 * b1 + (cross >> 64) + (other >> 64), (other << 64) | static_cast<std::uint64_t>(low)};
}

struct Quotient {
  UInt128 whole = 0;
  UInt128 rest = 0;
};

/// Long division bit by bit; nullopt where the quotient needs more than 128 bits.
std::optional<Quotient> quotient(const Wide& number, UInt128 divisor) {
  if (number.high == 0) return Quotient{number.low / divisor, number.low % divisor};
  if (number.high >= divisor) return std::nullopt;
  Quotient made{0, number.high};
  for (int bit = 127; bit >= 0; --bit) {
    const bool carry = (made.rest >> 127) != 0;
    made.rest = (made.rest << 1) | ((number.low >> bit) & 1);
    if (!carry && made.rest < divisor) continue;
    made.rest -= divisor;
    made.whole |= UInt128{1} << bit;
  }
  return made;
}

/// Rounded to the nearest, signed, within the range.
std::optional<Int128> settled(const std::optional<Quotient>& found, UInt128 divisor, bool negative) {
  if (!found) return std::nullopt;
  const UInt128 above = divisor - found->rest;
  const bool up = found->rest > above || (found->rest == above && (found->whole & 1) != 0);
  const UInt128 whole = found->whole + (up ? 1 : 0);
  if (whole >= kBound) return std::nullopt;
  const auto value = static_cast<Int128>(whole);
  return negative ? -value : value;
}

}  // namespace

bool is_decimal(Int128 value) { return size_of(value) < kBound; }

std::optional<Int128> multiply_decimals(Int128 a, Int128 b) {
  if (!is_decimal(a) || !is_decimal(b)) return std::nullopt;
  return settled(quotient(product(size_of(a), size_of(b)), kUnit), kUnit, (a < 0) != (b < 0));
}

std::optional<Int128> divide_decimals(Int128 a, Int128 b) {
  if (b == 0 || !is_decimal(a) || !is_decimal(b)) return std::nullopt;
  const UInt128 divisor = size_of(b);
  return settled(quotient(product(size_of(a), kUnit), divisor), divisor, (a < 0) != (b < 0));
}

std::optional<Int128> modulo_decimals(Int128 a, Int128 b) {
  if (b == 0 || !is_decimal(a) || !is_decimal(b)) return std::nullopt;
  const Int128 rest = a % b;
  if (rest >= 0) return rest;
  return rest + (b < 0 ? -b : b);
}

std::optional<Int128> decimal_of_real(double value) {
  if (!std::isfinite(value) || std::abs(value) >= 1e21) return std::nullopt;
  // "d.ddde-XX": at most seventeen digits, then the exponent.
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, std::abs(value), std::chars_format::scientific).ptr;
  UInt128 digits = 0;
  int places = 0;
  const char* at = text;
  for (bool fraction = false; at != end && *at != 'e'; ++at) {
    if (*at == '.') {
      fraction = true;
      continue;
    }
    digits = digits * 10 + static_cast<unsigned>(*at - '0');
    places += fraction ? 1 : 0;
  }
  int exponent = 0;
  std::from_chars(at + (at[1] == '+' ? 2 : 1), end, exponent);
  int shift = kDecimalPlaces + exponent - places;
  for (; shift > 0; --shift) digits *= 10;
  if (shift >= 0) return settled(Quotient{digits, 0}, 1, value < 0);
  UInt128 divisor = 1;
  for (; shift < 0 && divisor < kBound; ++shift) divisor *= 10;
  if (shift < 0) return Int128{0};
  return settled(Quotient{digits / divisor, digits % divisor}, divisor, value < 0);
}

}  // namespace wardian::kernels

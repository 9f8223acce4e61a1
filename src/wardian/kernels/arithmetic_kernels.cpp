#include <bit>
#include <cmath>
#include <limits>

#include "wardian/kernels/calendar.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"

namespace wardian::kernels {
namespace {

using Long = std::int64_t;

Long wrap(std::uint64_t bits) { return static_cast<Long>(bits); }
Long add_wrapping(Long a, Long b) { return wrap(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b)); }
Long subtract_wrapping(Long a, Long b) { return wrap(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b)); }
Long multiply_wrapping(Long a, Long b) { return wrap(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b)); }
/// The low 64 bits: what a sum of longs is after it has wrapped.
Long low_bits(Int128 value) { return static_cast<Long>(static_cast<std::uint64_t>(value)); }

/// The least long has no counterpart: it stays itself, as all arithmetic of longs wraps.
Long absolute(Long value) { return value < 0 ? subtract_wrapping(0, value) : value; }

/// For a remainder 0 <= n mod d < |d| holds, for negative n too. Null by zero.
std::optional<Long> modulo_long(Long n, Long d) {
  if (d == 0) return std::nullopt;
  if (d == -1) return 0;  // the one quotient that does not fit lies here
  const Long rest = n % d;
  return rest < 0 ? rest + absolute(d) : rest;
}
double modulo_real(double n, double d) {
  const double rest = std::fmod(n, d);
  return rest < 0 ? rest + std::abs(d) : rest;
}

/// Ticks of a length in ticks that has been scaled; null where it is no number or beyond the range.
std::optional<Long> whole_ticks(double ticks) {
  constexpr double kBound = 9223372036854775808.0;
  if (!(std::abs(ticks) < kBound)) return std::nullopt;
  return static_cast<Long>(ticks);
}

/// The greatest multiple of `size` from `origin` that is not above the value; null for a size that is not above zero.
std::optional<Long> bin_long(Long value, Long size, Long origin) {
  if (size <= 0) return std::nullopt;
  const Int128 distance = static_cast<Int128>(value) - origin;
  Int128 steps = distance / size;
  if (distance % size < 0) --steps;
  return low_bits(origin + steps * size);
}
std::optional<double> bin_real(double value, double size, double origin) {
  if (!(size > 0)) return std::nullopt;
  return std::floor((value - origin) / size) * size + origin;
}

/// Half away from zero at a decimal place. A value prints as fewer digits than it has, and the printed digits are
/// what people round: 2.15 rounds to 2.2, though the double is a hair below.
double round_places(double value, Long places) {
  if (!std::isfinite(value)) return value;
  if (places > 15) return value;
  if (places < -308) return 0;
  const double scale = std::pow(10.0, static_cast<double>(places < 0 ? -places : places));
  const double scaled = places < 0 ? value / scale : value * scale;
  if (!std::isfinite(scaled) || std::abs(scaled) >= 4503599627370496.0) return value;
  const double nudged = scaled + std::copysign(std::abs(scaled) * 4 * std::numeric_limits<double>::epsilon(), scaled);
  const double whole = std::round(nudged);
  return places < 0 ? whole * scale : whole / scale;
}

std::optional<double> square_root(double value) {
  if (value < 0) return std::nullopt;
  return std::sqrt(value);
}
// The engine's own functions end the query where a logarithm or an angle has no finite value.
double log_or_nan(double value) { return std::log(value); }
double log2_or_nan(double value) { return std::log2(value); }
double log10_or_nan(double value) { return std::log10(value); }
double sine(double value) { return std::sin(value); }
double cosine(double value) { return std::cos(value); }
double tangent(double value) { return std::tan(value); }
double cotangent(double value) { return 1 / std::tan(value); }
double power(double base, double exponent) { return std::pow(base, exponent); }
double gamma_of(double value) { return std::tgamma(value); }
/// lgamma_r keeps the sign out of the process-wide variable that lgamma writes.
double log_gamma(double value) {
  int sign = 0;
  return ::lgamma_r(value, &sign);
}
double error_function(double value) { return std::erf(value); }
double error_function_complement(double value) { return std::erfc(value); }
std::optional<double> arc_sine(double value) {
  if (value < -1 || value > 1) return std::nullopt;
  return std::asin(value);
}
std::optional<double> arc_cosine(double value) {
  if (value < -1 || value > 1) return std::nullopt;
  return std::acos(value);
}

double beta_continued_fraction(double a, double b, double x) {
  constexpr double kTiny = 1e-300;
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  if (std::abs(d) < kTiny) d = kTiny;
  d = 1 / d;
  double h = d;
  for (int m = 1; m <= 300; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    c = 1 + even / c;
    if (std::abs(d) < kTiny) d = kTiny;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    h *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    c = 1 + odd / c;
    if (std::abs(d) < kTiny) d = kTiny;
    if (std::abs(c) < kTiny) c = kTiny;
    d = 1 / d;
    const double step = d * c;
    h *= step;
    if (std::abs(step - 1) < 1e-15) break;
  }
  return h;
}

/// The regularised incomplete beta function. Source: DLMF 8.17.22, evaluated by Lentz's method.
double incomplete_beta(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * beta_continued_fraction(a, b, x) / a;
  return 1 - front * beta_continued_fraction(b, a, 1 - x) / b;
}
constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
// NaN beyond the bounds that the documentation of each names.
double beta_cdf(double x, double a, double b) {
  constexpr double kParameterMax = 10'000;
  if (!(x >= 0 && x <= 1) || !(a > 0 && a <= kParameterMax) || !(b > 0 && b <= kParameterMax)) return kNoNumber;
  return incomplete_beta(x, a, b);
}
double beta_pdf(double x, double a, double b) {
  if (!(x > 0 && x < 1) || !(a > 0) || !(b > 0)) return kNoNumber;
  return std::exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b)) * std::pow(x, a - 1) * std::pow(1 - x, b - 1);
}
/// By bisection: the distribution function is monotonic, and sixty halvings exhaust a double.
/// As in the documentation's example, whose text has the two the other way round: NaN for parameters, null for
/// probabilities beyond their bounds.
std::optional<double> beta_inv(double probability, double a, double b) {
  if (!(a > 0) || !(b > 0)) return kNoNumber;
  if (!(probability > 0 && probability <= 1)) return std::nullopt;
  if (probability == 1) return 1;  // the distribution function rounds to it well before
  double low = 0, high = 1;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (incomplete_beta(middle, a, b) < probability ? low : high) = middle;
  }
  return (low + high) / 2;
}

/// The two-sided probability of Welch's unequal-variances t-test. Source: Welch 1947, with the Welch–Satterthwaite
/// degrees of freedom; Student's distribution by the incomplete beta function.
std::optional<double> welch_test(double mean1, double variance1, double count1, double mean2, double variance2, double count2) {
  if (!(count1 > 1) || !(count2 > 1)) return std::nullopt;
  const double a = variance1 / count1, b = variance2 / count2;
  if (!(a + b > 0)) return std::nullopt;
  const double t = (mean1 - mean2) / std::sqrt(a + b);
  const double freedom = (a + b) * (a + b) / (a * a / (count1 - 1) + b * b / (count2 - 1));
  return incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/// As the processor shifts longs: by the low six bits. A negative count gives null.
std::optional<Long> shift_left(Long value, Long count) {
  if (count < 0) return std::nullopt;
  return wrap(static_cast<std::uint64_t>(value) << (count & 63));
}
std::optional<Long> shift_right(Long value, Long count) {
  if (count < 0) return std::nullopt;
  return value >> (count & 63);
}
Long count_ones(Long value) { return std::popcount(static_cast<std::uint64_t>(value)); }

/// Lower case, padded with zeros to a least width of up to sixteen digits.
void append_hex(std::uint64_t bits, Long width, std::string& out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  constexpr Long kDigitsMax = 16;
  char digits[kDigitsMax];
  int at = kDigitsMax;
  do {
    digits[--at] = kDigits[bits & 15];
    bits >>= 4;
  } while (bits != 0);
  const Long size = kDigitsMax - at;
  if (width > size) out.append(static_cast<std::size_t>(std::min(width, kDigitsMax) - size), '0');
  out.append(digits + at, static_cast<std::size_t>(size));
}
/// A negative value stands as the two's complement of its type's size.
void to_hex(Long value, Long width, std::string& out) { append_hex(static_cast<std::uint64_t>(value), width, out); }
void int_to_hex(std::int32_t value, Long width, std::string& out) { append_hex(static_cast<std::uint32_t>(value), width, out); }

constexpr Kernel kKernels[] = {
    kernel<&absolute>("wardian_abs"),
    kernel<&arc_cosine>("wardian_acos"),
    kernel<&add_wrapping>("wardian_add_wrapping"),
    kernel<&arc_sine>("wardian_asin"),
    kernel<&beta_cdf>("wardian_beta_cdf"),
    kernel<&beta_inv>("wardian_beta_inv"),
    kernel<&beta_pdf>("wardian_beta_pdf"),
    kernel<&bin_long>("wardian_bin_long"),
    kernel<&bin_real>("wardian_bin_real"),
    kernel<&cosine>("wardian_cos"),
    kernel<&cotangent>("wardian_cot"),
    kernel<&count_ones>("wardian_count_ones"),
    kernel<&error_function>("wardian_erf"),
    kernel<&error_function_complement>("wardian_erfc"),
    kernel<&gamma_of>("wardian_gamma"),
    kernel<&log_or_nan>("wardian_log"),
    kernel<&log10_or_nan>("wardian_log10"),
    kernel<&log2_or_nan>("wardian_log2"),
    kernel<&log_gamma>("wardian_loggamma"),
    kernel<&low_bits>("wardian_low_bits"),
    kernel<&int_to_hex>("wardian_int_to_hex"),
    kernel<&modulo_long>("wardian_modulo_long"),
    kernel<&modulo_real>("wardian_modulo_real"),
    kernel<&multiply_wrapping>("wardian_multiply_wrapping"),
    kernel<&power>("wardian_pow"),
    kernel<&round_places>("wardian_round"),
    kernel<&shift_left>("wardian_shift_left"),
    kernel<&shift_right>("wardian_shift_right"),
    kernel<&sine>("wardian_sin"),
    kernel<&square_root>("wardian_sqrt"),
    kernel<&subtract_wrapping>("wardian_subtract_wrapping"),
    kernel<&tangent>("wardian_tan"),
    kernel<&to_hex>("wardian_tohex"),
    kernel<&welch_test>("wardian_welch_test"),
    kernel<&whole_ticks>("wardian_whole_ticks"),
};

}  // namespace

std::span<const Kernel> arithmetic_kernels() { return kKernels; }

}  // namespace wardian::kernels

#include "wardian/kernels/decimal.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"

namespace wardian::kernels {
namespace {

std::optional<Decimal> as_decimal(std::optional<Int128> unscaled) {
  return unscaled ? std::optional(Decimal{*unscaled}) : std::nullopt;
}
std::optional<Decimal> multiply(Decimal a, Decimal b) { return as_decimal(multiply_decimals(a.unscaled, b.unscaled)); }
std::optional<Decimal> divide(Decimal a, Decimal b) { return as_decimal(divide_decimals(a.unscaled, b.unscaled)); }
std::optional<Decimal> modulo(Decimal a, Decimal b) { return as_decimal(modulo_decimals(a.unscaled, b.unscaled)); }
std::optional<Decimal> of_real(double value) { return as_decimal(decimal_of_real(value)); }

/// The greatest multiple of `size` from `origin` that is not above the value; null for a size that is not above zero.
std::optional<Decimal> bin(Decimal value, Decimal size, Decimal origin) {
  if (size.unscaled <= 0) return std::nullopt;
  const Int128 distance = value.unscaled - origin.unscaled;
  if (!is_decimal(value.unscaled) || !is_decimal(distance)) return std::nullopt;
  return as_decimal(value.unscaled - *modulo_decimals(distance, size.unscaled));
}

constexpr Kernel kKernels[] = {
    kernel<&bin>("wardian_bin_decimal"),           kernel<&of_real>("wardian_decimal_of_real"),
    kernel<&divide>("wardian_divide_decimal"),     kernel<&modulo>("wardian_modulo_decimal"),
    kernel<&multiply>("wardian_multiply_decimal"),
};

}  // namespace

std::span<const Kernel> decimal_kernels() { return kKernels; }

}  // namespace wardian::kernels

#include "wardian/base/whole_decimal.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"

namespace wardian::kernels {
namespace {

/// One to four numbers of at most eight digits with points between; missing ones count as zero. Each takes eight digits of
/// the result, a whole number that orders as the versions do.
std::optional<Decimal> parse_version(Text text) {
  constexpr Int128 kPart = 100'000'000;
  Int128 made = 0;
  int parts = 0;
  for (std::size_t at = 0;; ++at) {
    if (++parts > 4) return std::nullopt;
    Int128 number = 0;
    std::size_t digits = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      if (++digits > 8) return std::nullopt;
      number = number * 10 + (text[at] - '0');
    }
    if (digits == 0) return std::nullopt;
    made = made * kPart + number;
    if (at == text.size()) break;
    if (text[at] != '.') return std::nullopt;
  }
  for (; parts < 4; ++parts) made *= kPart;
  return Decimal{decimal_of_whole(made)};
}

constexpr Kernel kKernels[] = {
    kernel<&parse_version>("wardian_parse_version"),
};

}  // namespace

std::span<const Kernel> version_kernels() { return kKernels; }

}  // namespace wardian::kernels

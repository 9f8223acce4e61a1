#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/result_pack.h"

namespace wardian::kernels {
namespace {

/// The result at that place, from 0; nullopt where it is empty or there is none.
std::optional<Text> part(Text packed, std::int64_t place) {
  for (std::size_t begin = 0; begin < packed.size();) {
    const std::size_t end = std::min(packed.find(kResultEnd, begin), packed.size());
    if (place-- == 0) return end == begin ? std::nullopt : std::optional(packed.substr(begin, end - begin));
    begin = end + 1;
  }
  return std::nullopt;
}

template <class Number>
std::optional<Number> number(Text packed, std::int64_t place) {
  const auto text = part(packed, place);
  Number value{};
  if (!text || std::from_chars(text->data(), text->data() + text->size(), value).ec != std::errc()) return std::nullopt;
  return value;
}

bool json(Text packed, std::int64_t place, std::string& out) {
  const auto found = part(packed, place);
  if (found) out.append(*found);
  return found.has_value();
}

constexpr Kernel kKernels[] = {
    kernel<&json>("wardian_result_json"),
    kernel<&number<std::int64_t>>("wardian_result_long"),
    kernel<&number<double>>("wardian_result_real"),
};

}  // namespace

std::span<const Kernel> result_pack_kernels() { return kKernels; }

}  // namespace wardian::kernels

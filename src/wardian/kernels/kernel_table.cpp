#include "wardian/kernels/kernel_table.h"

#include <array>

#include "wardian/kernels/kernel_families.h"

namespace wardian::kernels {

std::span<const std::span<const Kernel>> kernel_families() {
  static const std::array kFamilies = {
      arithmetic_kernels(), array_kernels(),  bag_kernels(),   conversion_kernels(), cut_kernels(), datetime_kernels(), decimal_kernels(),
      encoding_kernels(),   hash_kernels(),   parse_kernels(), punycode_kernels(),   regex_kernels(),    replacement_kernels(),
      set_kernels(),        sketch_kernels(), text_kernels(),  time_zone_kernels(),  unit_kernels(),
  };
  return kFamilies;
}

}  // namespace wardian::kernels

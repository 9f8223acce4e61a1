#include "wardian/kql/functions/function_families.h"

#include <array>

namespace wardian::kql {

std::span<const std::span<const KqlFunction>> function_families() {
  static const std::array kFamilies = {
      array_functions(),    bag_functions(),   binary_functions(),   conversion_functions(), datetime_functions(),
      encoding_functions(), geo_functions(),   ip_functions(),       logical_functions(),    math_functions(),
      parse_functions(),    regex_functions(), rounding_functions(), series_functions(),     sketch_functions(),
      string_functions(),   unit_functions(),
  };
  return kFamilies;
}

}  // namespace wardian::kql

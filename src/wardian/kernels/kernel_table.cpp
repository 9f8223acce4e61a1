#include "wardian/kernels/kernel_table.h"

#include <array>

#include "wardian/kernels/kernel_families.h"

namespace wardian::kernels {

void ResultColumn::set_texts(std::size_t row, std::span<const std::optional<std::string_view>>) { set_null(row); }

std::span<const std::span<const Kernel>> kernel_families() {
  static const std::array kFamilies = {
      arithmetic_kernels(),
      array_kernels(),
      bag_kernels(),
      conversion_kernels(),
      cut_kernels(),
      datetime_kernels(),
      decimal_kernels(),
      encoding_kernels(),
      expand_kernels(),
      geo_kernels(),
      hash_kernels(),
      ip_lookup_kernels(),
      ipv4_kernels(),
      ipv4_search_kernels(),
      ipv6_kernels(),
      parse_kernels(),
      punycode_kernels(),
      regex_kernels(),
      replacement_kernels(),
      result_pack_kernels(),
      series_axis_kernels(),
      series_elementwise_kernels(),
      series_fill_kernels(),
      series_filter_kernels(),
      series_fit_kernels(),
      series_season_kernels(),
      series_statistics_kernels(),
      set_kernels(),
      sketch_kernels(),
      term_kernels(),
      text_kernels(),
      time_zone_kernels(),
      unit_kernels(),
      user_agent_kernels(),
      version_kernels(),
      xml_kernels(),
  };
  return kFamilies;
}

}  // namespace wardian::kernels

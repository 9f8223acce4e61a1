#pragma once

#include "wardian/kernels/kernel_table.h"

/// The tables that kernel_families() puts together, each at the end of its own file.
namespace wardian::kernels {

std::span<const Kernel> arithmetic_kernels();
std::span<const Kernel> array_kernels();
std::span<const Kernel> bag_kernels();
std::span<const Kernel> conversion_kernels();
std::span<const Kernel> cut_kernels();
std::span<const Kernel> datetime_kernels();
std::span<const Kernel> decimal_kernels();
std::span<const Kernel> encoding_kernels();
std::span<const Kernel> expand_kernels();
std::span<const Kernel> geo_kernels();
std::span<const Kernel> hash_kernels();
std::span<const Kernel> ip_lookup_kernels();
std::span<const Kernel> ipv4_kernels();
std::span<const Kernel> ipv4_search_kernels();
std::span<const Kernel> ipv6_kernels();
std::span<const Kernel> parse_kernels();
std::span<const Kernel> punycode_kernels();
std::span<const Kernel> regex_kernels();
std::span<const Kernel> replacement_kernels();
std::span<const Kernel> result_pack_kernels();
std::span<const Kernel> series_axis_kernels();
std::span<const Kernel> series_elementwise_kernels();
std::span<const Kernel> series_fill_kernels();
std::span<const Kernel> series_filter_kernels();
std::span<const Kernel> series_fit_kernels();
std::span<const Kernel> series_season_kernels();
std::span<const Kernel> series_statistics_kernels();
std::span<const Kernel> set_kernels();
std::span<const Kernel> sketch_kernels();
std::span<const Kernel> term_kernels();
std::span<const Kernel> text_kernels();
std::span<const Kernel> time_zone_kernels();
std::span<const Kernel> unit_kernels();
std::span<const Kernel> user_agent_kernels();
std::span<const Kernel> version_kernels();
std::span<const Kernel> xml_kernels();

}  // namespace wardian::kernels

#pragma once

#include "wardian/kql/function_table.h"

/// The tables that function_families() puts together, each at the end of its own file, in the order of names.
namespace wardian::kql {

std::span<const KqlFunction> array_functions();
std::span<const KqlFunction> bag_functions();
std::span<const KqlFunction> binary_functions();
std::span<const KqlFunction> conversion_functions();
std::span<const KqlFunction> datetime_functions();
std::span<const KqlFunction> encoding_functions();
std::span<const KqlFunction> geo_functions();
std::span<const KqlFunction> ip_functions();
std::span<const KqlFunction> logical_functions();
std::span<const KqlFunction> math_functions();
std::span<const KqlFunction> parse_functions();
std::span<const KqlFunction> regex_functions();
std::span<const KqlFunction> rounding_functions();
std::span<const KqlFunction> series_functions();
std::span<const KqlFunction> sketch_functions();
std::span<const KqlFunction> string_functions();
std::span<const KqlFunction> unit_functions();

/// As bag_pack(), without values that are null or empty: what pack_all(true) lowers to. It has no name of its own.
plan::Lowering packed_without_nulls();

}  // namespace wardian::kql

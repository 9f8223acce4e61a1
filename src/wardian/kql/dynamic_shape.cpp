#include "wardian/kql/dynamic_shape.h"

#include <algorithm>
#include <array>

#include "wardian/kql/binder.h"

namespace wardian::kql {
namespace {

/// A letter for each parameter: a takes an array, b a bag, . anything; a capital letter stands for all further ones too.
/// `result` is such a letter. Source: the types of the language's own service.
struct ShapeRow {
  std::string_view function, parameters;
  char result;
};

// clang-format off
constexpr auto kRows = std::to_array<ShapeRow>({
    {"array_concat", "A", 'a'},
    {"array_iff", "a", 'a'},
    {"array_iif", "a", 'a'},
    {"array_index_of", "a", '.'},
    {"array_length", "a", '.'},
    {"array_reverse", "a", 'a'},
    {"array_rotate_left", "a", 'a'},
    {"array_rotate_right", "a", 'a'},
    {"array_shift_left", "a", 'a'},
    {"array_shift_right", "a", 'a'},
    {"array_slice", "a", 'a'},
    {"array_sort_asc", "A", 'a'},
    {"array_sort_desc", "A", 'a'},
    {"array_split", "aa", 'a'},
    {"array_strcat", "a", '.'},
    {"array_sum", "a", '.'},
    {"arraylength", "a", '.'},
    {"bag_has_key", "b", '.'},
    {"bag_keys", "b", 'a'},
    {"bag_merge", "B", 'b'},
    {"bag_pack", "", 'b'},
    {"bag_remove_keys", "ba", 'b'},
    {"bag_set_key", "b", 'b'},
    {"bag_zip", "aa", 'b'},
    {"base64_decode_toarray", "", 'a'},
    {"base64_encode_fromarray", "a", '.'},
    {"buildschema", "b", 'b'},
    {"column_names_of", "", 'a'},
    {"current_principal_details", "", 'b'},
    {"current_principal_is_member_of", "A", '.'},
    {"datetime_list_timezones", "", 'a'},
    {"dcount_hll", "a", '.'},
    {"extent_tags", "", 'a'},
    {"extract_all", ".a", 'a'},
    {"extractall", ".a", 'a'},
    {"geo_closest_point_on_line", "..b", 'b'},
    {"geo_closest_point_on_polygon", "..b", 'b'},
    {"geo_distance_point_to_line", "..b", '.'},
    {"geo_distance_point_to_polygon", "..b", '.'},
    {"geo_from_wkt", "a", 'b'},
    {"geo_geohash_neighbors", "", 'a'},
    {"geo_geohash_to_central_point", "", 'b'},
    {"geo_geohash_to_polygon", "", 'b'},
    {"geo_h3cell_children", "", 'a'},
    {"geo_h3cell_neighbors", "", 'a'},
    {"geo_h3cell_rings", "", 'a'},
    {"geo_h3cell_to_central_point", "", 'b'},
    {"geo_h3cell_to_polygon", "", 'b'},
    {"geo_intersection_2lines", "bb", 'b'},
    {"geo_intersection_2polygons", "bb", 'b'},
    {"geo_intersection_line_with_polygon", "bb", 'b'},
    {"geo_intersects_2lines", "bb", '.'},
    {"geo_intersects_2polygons", "bb", '.'},
    {"geo_intersects_line_with_polygon", "bb", '.'},
    {"geo_line_buffer", "b", 'b'},
    {"geo_line_centroid", "b", 'b'},
    {"geo_line_densify", "b", 'b'},
    {"geo_line_interpolate_point", "b", 'b'},
    {"geo_line_length", "b", '.'},
    {"geo_line_locate_point", "b", '.'},
    {"geo_line_simplify", "b", 'b'},
    {"geo_line_to_s2cells", "b", 'a'},
    {"geo_point_buffer", "", 'b'},
    {"geo_point_in_polygon", "..b", '.'},
    {"geo_polygon_area", "b", '.'},
    {"geo_polygon_buffer", "b", 'b'},
    {"geo_polygon_centroid", "b", 'b'},
    {"geo_polygon_densify", "b", 'b'},
    {"geo_polygon_perimeter", "b", '.'},
    {"geo_polygon_simplify", "b", 'b'},
    {"geo_polygon_to_h3cells", "b", 'a'},
    {"geo_polygon_to_s2cells", "b", 'a'},
    {"geo_s2cell_neighbors", "", 'a'},
    {"geo_s2cell_to_central_point", "", 'b'},
    {"geo_s2cell_to_polygon", "", 'b'},
    {"geo_simplify_polygons_array", "a", 'b'},
    {"geo_union_lines_array", "a", 'b'},
    {"geo_union_polygons_array", "a", 'b'},
    {"has_any_index", ".a", '.'},
    {"has_any_ipv4", ".a", '.'},
    {"has_any_ipv4_prefix", ".a", '.'},
    {"hll", "", 'a'},
    {"hll_if", "", 'a'},
    {"hll_isvalid", "a", '.'},
    {"hll_merge", "A", 'a'},
    {"ipv4_is_in_any_range", ".a", '.'},
    {"ipv4_range_to_cidr_list", "", 'a'},
    {"ipv6_is_in_any_range", ".a", '.'},
    {"jaccard_index", "A", 'a'},
    {"labels", "", 'a'},
    {"make_bag", "b", 'b'},
    {"make_bag_if", "b", 'b'},
    {"make_dictionary", "b", 'b'},
    {"make_list", "", 'a'},
    {"make_list_if", "", 'a'},
    {"make_list_with_nulls", "", 'a'},
    {"make_set", "", 'a'},
    {"make_set_if", "", 'a'},
    {"make_string", "A", '.'},
    {"makelist", "", 'a'},
    {"makeset", "", 'a'},
    {"merge_tdigest", "A", 'a'},
    {"pack", "", 'b'},
    {"pack_all", "", 'b'},
    {"pack_array", "", 'a'},
    {"pack_dictionary", "", 'b'},
    {"parse_command_line", "", 'a'},
    {"parse_csv", "", 'a'},
    {"parse_path", "", 'b'},
    {"parse_url", "", 'b'},
    {"parse_urlquery", "", 'b'},
    {"parse_user_agent", ".a", 'b'},
    {"parse_xml", "", 'b'},
    {"parseurl", "", 'b'},
    {"parseurlquery", "", 'b'},
    {"percentile_tdigest", "a", '.'},
    {"percentiles_array", ".a", 'a'},
    {"percentiles_array_tdigest", "aa", 'a'},
    {"percentilesw_array", "..a", 'a'},
    {"percentrank_tdigest", "a", '.'},
    {"range", "", 'a'},
    {"rank_tdigest", "a", '.'},
    {"repeat", "", 'a'},
    {"replace_strings", ".aa", '.'},
    {"series_abs", "a", 'a'},
    {"series_acos", "a", 'a'},
    {"series_add", "aa", 'a'},
    {"series_asin", "a", 'a'},
    {"series_atan", "a", 'a'},
    {"series_ceiling", "a", 'a'},
    {"series_cos", "a", 'a'},
    {"series_cosine_similarity", "aa", '.'},
    {"series_decompose", "a", 'a'},
    {"series_decompose_anomalies", "a", 'a'},
    {"series_decompose_forecast", "a", 'a'},
    {"series_divide", "aa", 'a'},
    {"series_dot_product", "aa", '.'},
    {"series_equals", "aa", 'a'},
    {"series_exp", "a", 'a'},
    {"series_fft", "aa", 'a'},
    {"series_fill_backward", "a", 'a'},
    {"series_fill_const", "a", 'a'},
    {"series_fill_forward", "a", 'a'},
    {"series_fill_linear", "a", 'a'},
    {"series_fir", "aa", 'a'},
    {"series_fit_2lines", "a", '.'},
    {"series_fit_2lines_dynamic", "a", 'b'},
    {"series_fit_line", "a", 'a'},
    {"series_fit_line_dynamic", "a", 'b'},
    {"series_fit_poly", "aa", '.'},
    {"series_floor", "a", 'a'},
    {"series_greater", "aa", 'a'},
    {"series_greater_equals", "aa", 'a'},
    {"series_ifft", "aa", 'a'},
    {"series_iir", "aaa", 'a'},
    {"series_less", "aa", 'a'},
    {"series_less_equals", "aa", 'a'},
    {"series_log", "a", 'a'},
    {"series_magnitude", "a", '.'},
    {"series_multiply", "aa", 'a'},
    {"series_not_equals", "aa", 'a'},
    {"series_outliers", "a", 'a'},
    {"series_pearson_correlation", "aa", '.'},
    {"series_periods_detect", "a", '.'},
    {"series_periods_validate", "a", 'a'},
    {"series_pow", "aa", 'a'},
    {"series_product", "a", '.'},
    {"series_seasonal", "a", 'a'},
    {"series_sign", "a", 'a'},
    {"series_sin", "a", 'a'},
    {"series_stats", "a", '.'},
    {"series_stats_dynamic", "a", 'b'},
    {"series_subtract", "aa", 'a'},
    {"series_sum", "a", '.'},
    {"series_tan", "a", 'a'},
    {"set_difference", "A", 'a'},
    {"set_equals", "aa", '.'},
    {"set_has_element", "a", '.'},
    {"set_intersect", "A", 'a'},
    {"set_union", "A", 'a'},
    {"split", "", 'a'},
    {"strcat_array", "a", '.'},
    {"tdigest", "", 'a'},
    {"tdigest_isvalid", "a", '.'},
    {"tdigest_merge", "A", 'a'},
    {"to_utf8", "", 'a'},
    {"treepath", "b", 'a'},
    {"unicode_codepoints_from_string", "", 'a'},
    {"unicode_codepoints_to_string", "A", '.'},
    {"zip", "A", 'a'},
});
// clang-format on
static_assert(std::ranges::is_sorted(kRows, {}, &ShapeRow::function));

const ShapeRow* find_row(std::string_view function) {
  const auto* at = std::ranges::lower_bound(kRows, function, {}, &ShapeRow::function);
  return at != kRows.end() && at->function == function ? at : nullptr;
}

DynamicShape shape_of_letter(char letter) {
  if (letter == 'a' || letter == 'A') return DynamicShape::array;
  if (letter == 'b' || letter == 'B') return DynamicShape::bag;
  return DynamicShape::unknown;
}

char letter_at(std::string_view parameters, std::size_t at) {
  if (at < parameters.size()) return parameters[at];
  const bool repeats = !parameters.empty() && parameters.back() >= 'A' && parameters.back() <= 'Z';
  return repeats ? parameters.back() : '.';
}

}  // namespace

DynamicShape dynamic_shape(const plan::Expr& expr) {
  if (expr.type != Type::dynamic) return DynamicShape::unknown;
  if (const auto* constant = std::get_if<plan::Constant>(&expr.node)) {
    const auto* json = std::get_if<std::string>(&constant->value.held);
    if (json == nullptr || json->empty() || *json == "null") return DynamicShape::unknown;
    return json->front() == '[' ? DynamicShape::array : json->front() == '{' ? DynamicShape::bag : DynamicShape::other;
  }
  const auto* call = std::get_if<plan::Call>(&expr.node);
  const ShapeRow* row = call == nullptr ? nullptr : find_row(call->name);
  return row == nullptr ? DynamicShape::unknown : shape_of_letter(row->result);
}

Status check_dynamic_shapes(std::string_view function, std::span<const plan::ExprPtr> arguments) {
  const ShapeRow* row = find_row(function);
  if (row == nullptr) return {};
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const DynamicShape wanted = shape_of_letter(letter_at(row->parameters, at));
    const DynamicShape given = dynamic_shape(*arguments[at]);
    if (wanted == DynamicShape::unknown || given == DynamicShape::unknown || wanted == given) continue;
    return error_at(
        ErrorCode::type_mismatch,
        std::string(function) + (wanted == DynamicShape::array ? "(): an array is needed here" : "(): a bag is needed here"),
        arguments[at]->span,
        wanted == DynamicShape::array ? "dynamic([1, 2]), or pack_array(1, 2)" : "dynamic({\"a\": 1}), or bag_pack(\"a\", 1)");
  }
  return {};
}

}  // namespace wardian::kql

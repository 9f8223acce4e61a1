#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"

// Series: arrays of numbers, as make-series gathers them.
namespace wardian::kql {
namespace {

/// A number as JSON; a decimal is a real in a series.
sql::ExprPtr number_json(const CallSite& site, std::size_t argument) {
  if (site.type(argument) != Type::decimal) return json_argument(site, argument);
  return to_json(to_type(site.arguments[argument], Type::decimal, Type::real), Type::real);
}

/// Two series, or a series and a number, of which a missing one is told apart from a missing series.
template <const char* function>
sql::ExprPtr of_two(const CallSite& site) {
  std::vector<sql::ExprPtr> arguments;
  for (std::size_t at = 0; at < 2; ++at) {
    const bool series = site.type(at) == Type::dynamic;
    arguments.push_back(series ? site.arguments[at] : sql::call("coalesce", {number_json(site, at), sql::string("null")}));
  }
  return sql::call(function, std::move(arguments));
}
constexpr char kAdd[] = "wardian_series_add", kDivide[] = "wardian_series_divide", kDot[] = "wardian_series_dot_product",
               kEquals[] = "wardian_series_equals", kGreater[] = "wardian_series_greater",
               kGreaterEquals[] = "wardian_series_greater_equals", kLess[] = "wardian_series_less",
               kLessEquals[] = "wardian_series_less_equals", kMultiply[] = "wardian_series_multiply",
               kNotEquals[] = "wardian_series_not_equals", kPow[] = "wardian_series_pow", kSubtract[] = "wardian_series_subtract";

/// The arguments that are numbers as JSON: those at the places.
template <const char* function, std::size_t... places>
sql::ExprPtr with_numbers(const CallSite& site) {
  std::vector<sql::ExprPtr> arguments(site.arguments.begin(), site.arguments.end());
  for (const std::size_t place : {places...}) arguments[place] = number_json(site, place);
  return sql::call(function, std::move(arguments));
}
constexpr char kBackward[] = "wardian_series_fill_backward", kConst[] = "wardian_series_fill_const",
               kForward[] = "wardian_series_fill_forward", kLinear[] = "wardian_series_fill_linear";

sql::ExprPtr validated(const CallSite& site) {
  std::vector<sql::ExprPtr> periods;
  for (std::size_t at = 1; at < site.arguments.size(); ++at) periods.push_back(json_argument(site, at));
  return sql::call("wardian_series_periods_validate", {site.arguments[0], sql::call("wardian_array_pack", std::move(periods))});
}

sql::ExprPtr in_lower_case(const sql::ExprPtr& text) { return sql::call("lower", {text}); }

sql::ExprPtr outliers(const CallSite& site) {
  std::vector<sql::ExprPtr> arguments(site.arguments.begin(), site.arguments.end());
  arguments[1] = in_lower_case(arguments[1]);
  return sql::call("wardian_series_outliers", std::move(arguments));
}

sql::ExprPtr decomposed(const CallSite& site) {
  const auto& given = site.arguments;
  return sql::call("wardian_series_decompose", {given[0], given[1], in_lower_case(given[2]), given[3], given[4]});
}

/// As series_decompose(), of which the points to forecast come first.
sql::ExprPtr forecast(const CallSite& site) {
  const auto& given = site.arguments;
  return sql::call("wardian_series_decompose", {given[0], given[2], in_lower_case(given[3]), given[1], given[4]});
}

sql::ExprPtr anomalies(const CallSite& site) {
  std::vector<sql::ExprPtr> arguments(site.arguments.begin(), site.arguments.end());
  for (const std::size_t place : {std::size_t{3}, std::size_t{5}}) arguments[place] = in_lower_case(arguments[place]);
  return sql::call("wardian_series_decompose_anomalies", std::move(arguments));
}

constexpr char kOne[] = "(series: dynamic) -> dynamic";
constexpr char kOneReal[] = "(series: dynamic) -> real";
constexpr char kTwo[] = "(series1: dynamic, series2: dynamic) -> dynamic";
constexpr char kTwoNumber[] = "(series1: dynamic, series2: number) -> dynamic";
constexpr char kNumberTwo[] = "(series1: number, series2: dynamic) -> dynamic";

constexpr char kAddSummary[] = "Element by element the sum; null where one has no number.";
constexpr char kDivideSummary[] = "Element by element the quotient, a real; null where one has no number.";
constexpr char kDotSummary[] = "Sum of the products of what both have; null for an empty series.";
constexpr char kCompareSummary[] = "Element by element whether the comparison holds; null where one has no number.";
constexpr char kMultiplySummary[] = "Element by element the product; null where one has no number.";
constexpr char kPowSummary[] = "Element by element the power, a real; null where one has no number.";
constexpr char kSubtractSummary[] = "Element by element the difference; null where one has no number.";

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"series_abs", kOne, {"wardian_series_abs"}, "Magnitude of each element; null where there is no number."},
    {"series_acos", kOne, {"wardian_series_acos"}, "Arc cosine of each element; null where there is no number."},
    {"series_add", kTwo, {"", &of_two<kAdd>}, kAddSummary},
    {"series_add", kTwoNumber, {"", &of_two<kAdd>}, kAddSummary},
    {"series_add", kNumberTwo, {"", &of_two<kAdd>}, kAddSummary},
    {"series_asin", kOne, {"wardian_series_asin"}, "Arc sine of each element; null where there is no number."},
    {"series_atan", kOne, {"wardian_series_atan"}, "Arc tangent of each element; null where there is no number."},
    {"series_ceiling", kOne, {"wardian_series_ceiling"}, "Least whole number from each element on, as a real."},
    {"series_cos", kOne, {"wardian_series_cos"}, "Cosine of each element; null where there is no number."},
    {"series_cosine_similarity",
     "(series1: dynamic, series2: dynamic, series1_magnitude: real = real(null), series2_magnitude: real = real(null)) -> real",
     {"wardian_series_cosine_similarity"},
     "Cosine of the angle between both, the longer one cut; null for an empty series."},
    {"series_decompose",
     "(series: dynamic, period: long = -1, trend: trend string = \"avg\", test_points: long = 0, "
     "seasonality_threshold: real = 0.6) -> (baseline: dynamic, seasonal: dynamic, trend: dynamic, residual: dynamic)",
     {"", &decomposed},
     "What season and trend explain of the series, and what is left; null for a series with gaps."},
    {"series_decompose_anomalies",
     "(series: dynamic, threshold: real = 1.5, period: long = -1, trend: trend string = \"avg\", test_points: long = 0, "
     "method: outlier_test string = \"ctukey\", seasonality_threshold: real = 0.6) -> (ad_flag: dynamic, ad_score: dynamic, "
     "baseline: dynamic)",
     {"", &anomalies},
     "Where the series leaves its season and trend upwards (1) or downwards (-1), and by how much; null for one with gaps."},
    {"series_decompose_forecast",
     "(series: dynamic, test_points: long, period: long = -1, trend: trend string = \"linefit\", seasonality_threshold: real = "
     "0.6) -> (baseline: dynamic, seasonal: dynamic, trend: dynamic, residual: dynamic)",
     {"", &forecast},
     "As series_decompose(), learned from all but the last points; null for a series with gaps."},
    {"series_divide", kTwo, {"", &of_two<kDivide>}, kDivideSummary},
    {"series_divide", kTwoNumber, {"", &of_two<kDivide>}, kDivideSummary},
    {"series_divide", kNumberTwo, {"", &of_two<kDivide>}, kDivideSummary},
    {"series_dot_product", "(series1: dynamic, series2: dynamic) -> real", {"", &of_two<kDot>}, kDotSummary},
    {"series_dot_product", "(series1: dynamic, series2: number) -> real", {"", &of_two<kDot>}, kDotSummary},
    {"series_dot_product", "(series1: number, series2: dynamic) -> real", {"", &of_two<kDot>}, kDotSummary},
    {"series_equals", kTwo, {"", &of_two<kEquals>}, kCompareSummary},
    {"series_equals", kTwoNumber, {"", &of_two<kEquals>}, kCompareSummary},
    {"series_equals", kNumberTwo, {"", &of_two<kEquals>}, kCompareSummary},
    {"series_exp", kOne, {"wardian_series_exp"}, "e to the power of each element; null where there is no number."},
    {"series_fft",
     "(series: dynamic, series_imaginary: dynamic = dynamic(null)) -> (real: dynamic, imag: dynamic)",
     {"wardian_series_fft"},
     "Fourier transform of real or complex numbers; null for a series with gaps."},
    {"series_fill_backward",
     "(series: dynamic, missing_value_placeholder: number = real(null)) -> dynamic",
     {"", &with_numbers<kBackward, 1>},
     "The gaps filled with the value that follows them."},
    {"series_fill_const",
     "(series: dynamic, constant_value: number = 0, missing_value_placeholder: number = real(null)) -> dynamic",
     {"", &with_numbers<kConst, 1, 2>},
     "The gaps filled with a constant."},
    {"series_fill_forward",
     "(series: dynamic, missing_value_placeholder: number = real(null)) -> dynamic",
     {"", &with_numbers<kForward, 1>},
     "The gaps filled with the value before them."},
    {"series_fill_linear",
     "(series: dynamic, missing_value_placeholder: number = real(null), fill_edges: bool = true, constant_value: real = 0) -> "
     "dynamic",
     {"", &with_numbers<kLinear, 1>},
     "The gaps filled along the line between their neighbours; a series of gaps alone with the constant."},
    {"series_fir",
     "(series: dynamic, filter: dynamic, normalize: bool = bool(null), center: bool = false) -> dynamic",
     {"wardian_series_fir"},
     "A filter of finite impulse response over the series; null when one with negative coefficients is to be normalized."},
    {"series_fit_2lines",
     "(series: dynamic) -> (rsquare: real, split_idx: long, variance: real, rvariance: real, line_fit: dynamic, right_rsquare: "
     "real, right_slope: real, right_interception: real, right_variance: real, right_rvariance: real, left_rsquare: real, "
     "left_slope: real, left_interception: real, left_variance: real, left_rvariance: real)",
     {"wardian_series_fit_2lines"},
     "The two lines of least squares and where they meet; null for a series with gaps or fewer than two elements."},
    {"series_fit_2lines_dynamic", kOne, {"wardian_series_fit_2lines_dynamic"}, "As series_fit_2lines(), in a bag."},
    {"series_fit_line",
     "(series: dynamic) -> (rsquare: real, slope: real, variance: real, rvariance: real, interception: real, line_fit: dynamic)",
     {"wardian_series_fit_line"},
     "The line of least squares over 1, 2, …; null for a series that is empty or has gaps."},
    {"series_fit_line_dynamic", kOne, {"wardian_series_fit_line_dynamic"}, "As series_fit_line(), in a bag."},
    {"series_fit_poly",
     "(y_series: dynamic, x_series: dynamic = dynamic(null), degree: long = 1) -> (rsquare: real, coefficients: dynamic, "
     "variance: real, rvariance: real, poly_fit: dynamic)",
     {"wardian_series_fit_poly"},
     "The polynomial of least squares, highest power first; null for series with gaps, and where the points do not suffice."},
    {"series_floor", kOne, {"wardian_series_floor"}, "Greatest whole number up to each element, as a real."},
    {"series_greater", kTwo, {"", &of_two<kGreater>}, kCompareSummary},
    {"series_greater", kTwoNumber, {"", &of_two<kGreater>}, kCompareSummary},
    {"series_greater", kNumberTwo, {"", &of_two<kGreater>}, kCompareSummary},
    {"series_greater_equals", kTwo, {"", &of_two<kGreaterEquals>}, kCompareSummary},
    {"series_greater_equals", kTwoNumber, {"", &of_two<kGreaterEquals>}, kCompareSummary},
    {"series_greater_equals", kNumberTwo, {"", &of_two<kGreaterEquals>}, kCompareSummary},
    {"series_ifft",
     "(series: dynamic, series_imaginary: dynamic = dynamic(null)) -> (real: dynamic, imag: dynamic)",
     {"wardian_series_ifft"},
     "Inverse Fourier transform of real or complex numbers; null for a series with gaps."},
    {"series_iir",
     "(series: dynamic, numerators: dynamic, denominators: dynamic) -> dynamic",
     {"wardian_series_iir"},
     "A filter of infinite impulse response over the series; null when the first denominator is 0."},
    {"series_less", kTwo, {"", &of_two<kLess>}, kCompareSummary},
    {"series_less", kTwoNumber, {"", &of_two<kLess>}, kCompareSummary},
    {"series_less", kNumberTwo, {"", &of_two<kLess>}, kCompareSummary},
    {"series_less_equals", kTwo, {"", &of_two<kLessEquals>}, kCompareSummary},
    {"series_less_equals", kTwoNumber, {"", &of_two<kLessEquals>}, kCompareSummary},
    {"series_less_equals", kNumberTwo, {"", &of_two<kLessEquals>}, kCompareSummary},
    {"series_log", kOne, {"wardian_series_log"}, "Natural logarithm of each element; null where there is no number."},
    {"series_magnitude",
     kOneReal,
     {"wardian_series_magnitude"},
     "Square root of the sum of squares; null when there are others."},
    {"series_multiply", kTwo, {"", &of_two<kMultiply>}, kMultiplySummary},
    {"series_multiply", kTwoNumber, {"", &of_two<kMultiply>}, kMultiplySummary},
    {"series_multiply", kNumberTwo, {"", &of_two<kMultiply>}, kMultiplySummary},
    {"series_not_equals", kTwo, {"", &of_two<kNotEquals>}, kCompareSummary},
    {"series_not_equals", kTwoNumber, {"", &of_two<kNotEquals>}, kCompareSummary},
    {"series_not_equals", kNumberTwo, {"", &of_two<kNotEquals>}, kCompareSummary},
    {"series_outliers",
     "(series: dynamic, kind: outlier_test string = \"ctukey\", ignore_val: real = real(null), min_percentile: real = 10, "
     "max_percentile: real = 90, test_points: long = 0) -> dynamic",
     {"", &outliers},
     "How far each element lies beyond the percentiles, by their distance; 0 for nulls and values that are ignored."},
    {"series_pearson_correlation",
     "(series1: dynamic, series2: dynamic) -> real",
     {"wardian_series_pearson_correlation"},
     "Pearson's correlation; null for series with gaps or of different lengths."},
    {"series_periods_detect",
     "(series: dynamic, min_period: real, max_period: real, num_periods: long) -> (periods: dynamic, scores: dynamic)",
     {"wardian_series_periods_detect"},
     "The periods that the series repeats itself with, best first; null for a series with gaps."},
    {"series_periods_validate",
     "(series: dynamic, period1: real, period2: real = real(null), period3: real = real(null), period4: real = real(null), "
     "period5: real = real(null), period6: real = real(null), period7: real = real(null), period8: real = real(null), "
     "period9: real = real(null), period10: real = real(null), period11: real = real(null), period12: real = real(null), "
     "period13: real = real(null), period14: real = real(null), period15: real = real(null), period16: real = real(null)) -> "
     "(periods: dynamic, scores: dynamic)",
     {"", &validated},
     "How well the series repeats itself with each period, 0 to 1; null for a series with gaps."},
    {"series_pow", kTwo, {"", &of_two<kPow>}, kPowSummary},
    {"series_pow", kTwoNumber, {"", &of_two<kPow>}, kPowSummary},
    {"series_pow", kNumberTwo, {"", &of_two<kPow>}, kPowSummary},
    {"series_product", kOneReal, {"wardian_series_product"}, "Product of the numbers; null when there are others."},
    {"series_seasonal",
     "(series: dynamic, period: long = -1, test_points: long = 0) -> dynamic",
     {"wardian_series_seasonal"},
     "Of each phase of the period, given or found, the median; zeros without one, null for a series with gaps."},
    {"series_sign", kOne, {"wardian_series_sign"}, "-1, 0 or 1 for each element; null where there is no number."},
    {"series_sin", kOne, {"wardian_series_sin"}, "Sine of each element; null where there is no number."},
    {"series_stats",
     "(series: dynamic, ignore_nonfinite: const bool = false) -> (min: real, min_idx: long, max: real, max_idx: long, avg: "
     "real, stdev: real, variance: real)",
     {"wardian_series_stats"},
     "Extremes, mean and spread; null for a series with gaps, NaN or infinities, unless these are ignored."},
    {"series_stats_dynamic",
     "(series: dynamic, ignore_nonfinite: const bool = false) -> dynamic",
     {"wardian_series_stats_dynamic"},
     "As series_stats(), with sum and length, in a bag."},
    {"series_subtract", kTwo, {"", &of_two<kSubtract>}, kSubtractSummary},
    {"series_subtract", kTwoNumber, {"", &of_two<kSubtract>}, kSubtractSummary},
    {"series_subtract", kNumberTwo, {"", &of_two<kSubtract>}, kSubtractSummary},
    {"series_sum", kOneReal, {"wardian_series_sum"}, "Sum of the numbers; null when there are others."},
    {"series_tan", kOne, {"wardian_series_tan"}, "Tangent of each element; null where there is no number."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> series_functions() { return kFunctions; }

}  // namespace wardian::kql

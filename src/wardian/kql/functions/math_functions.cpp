#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/functions/value_forms.h"
#include "wardian/plan/lower.h"

namespace wardian::kql {
namespace {

sql::ExprPtr power_of(double base, const sql::ExprPtr& exponent) {
  return sql::call("wardian_pow", {sql::cast(sql::real(base), "DOUBLE"), exponent});
}
sql::ExprPtr exp2(const CallSite& site) { return power_of(2, site.arguments[0]); }
sql::ExprPtr exp10(const CallSite& site) { return power_of(10, site.arguments[0]); }

/// The engine's abs() of a null that is written out is an integer.
sql::ExprPtr abs_decimal(const CallSite& site) {
  return sql::cast(sql::call("abs", {site.arguments[0]}), std::string(sql::column_type(site.result)));
}

sql::ExprPtr sign(const CallSite& site) { return sql::cast(sql::call("sign", {site.arguments[0]}), "DOUBLE"); }

sql::ExprPtr uniform(const CallSite& site) {
  sql::ExprPtr drawn = sql::call("random", {});
  if (site.arguments.empty()) return drawn;
  return sql::call("floor", {sql::binary("*", std::move(drawn), sql::cast(site.arguments[0], "DOUBLE"))});
}

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"abs", "(x: long) -> long", {"wardian_abs"}, "Magnitude of x."},
    {"abs", "(x: real) -> real", {"abs"}, "Magnitude of x."},
    {"abs", "(x: decimal) -> decimal", {"", &abs_decimal}, "Magnitude of x."},
    {"abs", "(x: timespan) -> timespan", {"wardian_abs"}, "Magnitude of x."},
    {"acos", "(x: real) -> real", {"wardian_acos"}, "Angle whose cosine is x; null outside -1 to 1."},
    {"asin", "(x: real) -> real", {"wardian_asin"}, "Angle whose sine is x; null outside -1 to 1."},
    {"atan", "(x: real) -> real", {"atan"}, "Angle whose tangent is x."},
    {"atan2", "(y: real, x: real) -> real", {"atan2"}, "Angle between the axis of x and the point (x, y)."},
    {"beta_cdf",
     "(x: real, alpha: real, beta: real) -> real",
     {"wardian_beta_cdf"},
     "Distribution function of the beta distribution."},
    {"beta_inv",
     "(probability: real, alpha: real, beta: real) -> real",
     {"wardian_beta_inv"},
     "Where the beta distribution function reaches a probability."},
    {"beta_pdf", "(x: real, alpha: real, beta: real) -> real", {"wardian_beta_pdf"}, "Density of the beta distribution."},
    {"cos", "(x: real) -> real", {"wardian_cos"}, "Cosine of x, in radians."},
    {"cot", "(x: real) -> real", {"wardian_cot"}, "Cotangent of x, in radians."},
    {"degrees", "(x: real) -> real", {"degrees"}, "Radians as degrees."},
    {"erf", "(x: real) -> real", {"wardian_erf"}, "The error function."},
    {"erfc", "(x: real) -> real", {"wardian_erfc"}, "One less the error function."},
    {"exp", "(x: real) -> real", {"exp"}, "e to the power x."},
    {"exp10", "(x: real) -> real", {"", &exp10}, "10 to the power x."},
    {"exp2", "(x: real) -> real", {"", &exp2}, "2 to the power x."},
    {"gamma", "(x: real) -> real", {"wardian_gamma"}, "The gamma function."},
    {"isfinite", "(x: float) -> bool", {"isfinite"}, "Whether x is neither infinite nor NaN."},
    {"isinf", "(x: float) -> bool", {"isinf"}, "Whether x is infinite."},
    {"isnan", "(x: float) -> bool", {"isnan"}, "Whether x is NaN."},
    {"log", "(x: real) -> real", {"wardian_log"}, "Natural logarithm; NaN below zero."},
    {"log10", "(x: real) -> real", {"wardian_log10"}, "Logarithm of base 10; NaN below zero."},
    {"log2", "(x: real) -> real", {"wardian_log2"}, "Logarithm of base 2; NaN below zero."},
    {"loggamma", "(x: real) -> real", {"wardian_loggamma"}, "Logarithm of the gamma function's magnitude."},
    {"pi", "() -> real", {"pi"}, "The ratio of a circle's circumference to its diameter."},
    {"pow", "(base: real, exponent: real) -> real", {"wardian_pow"}, "The base to the power of the exponent."},
    {"radians", "(x: real) -> real", {"radians"}, "Degrees as radians."},
    {"rand", "() -> real", {"", &uniform}, "A random number from 0 up to, not with, 1."},
    {"rand", "(n: long) -> real", {"", &uniform}, "A random whole number from 0 up to, not with, n."},
    {"sign", "(x: real) -> real", {"", &sign}, "-1, 0 or 1."},
    {"sin", "(x: real) -> real", {"wardian_sin"}, "Sine of x, in radians."},
    {"sqrt", "(x: real) -> real", {"wardian_sqrt"}, "Square root of x; null below zero."},
    {"tan", "(x: real) -> real", {"wardian_tan"}, "Tangent of x, in radians."},
    {"welch_test",
     "(mean1: real, variance1: real, count1: real, mean2: real, variance2: real, count2: real) -> real",
     {"wardian_welch_test"},
     "Probability of Welch's test that two means differ by chance."},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> math_functions() { return kFunctions; }

}  // namespace wardian::kql

#include <cmath>

#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/series.h"

// Functions of one element, or of two at the same place. Where there is no number, and beyond the shorter series, the
// result has null.
namespace wardian::kernels {
namespace {

using Long = std::int64_t;

struct Pair {
  Series left, right;
};

bool none(const Series& series, std::size_t at) { return at >= series.size() || series.kinds[at] == ElementKind::none; }
bool whole(const Series& series, std::size_t at) { return series.kinds[at] == ElementKind::whole; }

/// `write(at)` appends the result of an element that is a number.
template <class Write>
bool each(Series& series, Text json, std::string& out, Write write) {
  if (!read_series(json, series)) return false;
  out.reserve(json.size() + json.size() / 2);
  JsonArrayWriter array(out);
  for (std::size_t at = 0; at < series.size(); ++at) {
    array.separate();
    if (none(series, at))
      out.append("null");
    else
      write(at);
  }
  array.close();
  return true;
}

/// A number stands for a series of it, as long as the other one.
template <class Write>
bool each_pair(Pair& pair, Text left, Text right, std::string& out, Write write) {
  const bool left_alone = is_number_or_null(left), right_alone = is_number_or_null(right);
  if (left_alone && right_alone) return false;
  if (!left_alone && !read_series(left, pair.left)) return false;
  if (!read_series_or_number(right, pair.left.size(), pair.right)) return false;
  if (left_alone) read_series_or_number(left, pair.right.size(), pair.left);
  const std::size_t size = std::max(pair.left.size(), pair.right.size());
  out.reserve(left.size() + right.size());
  JsonArrayWriter array(out);
  for (std::size_t at = 0; at < size; ++at) {
    array.separate();
    if (none(pair.left, at) || none(pair.right, at))
      out.append("null");
    else
      write(at);
  }
  array.close();
  return true;
}

using Function = double (*)(double);
template <Function function>
bool real_of(Series& series, Text json, std::string& out) {
  return each(series, json, out, [&](std::size_t at) { append_json_real(out, function(series.reals[at])); });
}
double arc_cosine(double x) { return std::acos(x); }
double arc_sine(double x) { return std::asin(x); }
double arc_tangent(double x) { return std::atan(x); }
double ceiling(double x) { return std::ceil(x); }
double cosine(double x) { return std::cos(x); }
double exponential(double x) { return std::exp(x); }
double floored(double x) { return std::floor(x); }
double logarithm(double x) { return std::log(x); }
double sine(double x) { return std::sin(x); }
double tangent(double x) { return std::tan(x); }

bool absolute(Series& series, Text json, std::string& out) {
  return each(series, json, out, [&](std::size_t at) {
    if (whole(series, at) && series.wholes[at] != std::numeric_limits<Long>::min())
      append_long(out, std::abs(series.wholes[at]));
    else
      append_json_real(out, std::abs(series.reals[at]));
  });
}

bool sign(Series& series, Text json, std::string& out) {
  return each(series, json, out, [&](std::size_t at) {
    const double x = series.reals[at];
    if (std::isnan(x))
      out.append("null");
    else
      append_long(out, x > 0 ? 1 : x < 0 ? -1 : 0);
  });
}

/// Whole numbers give whole ones where the result fits; `exact` is true when it does not.
using Overflows = bool (*)(Long, Long, Long*);
using Operation = double (*)(double, double);
template <Overflows exact, Operation real>
bool arithmetic(Pair& pair, Text left, Text right, std::string& out) {
  return each_pair(pair, left, right, out, [&](std::size_t at) {
    Long made = 0;
    if (whole(pair.left, at) && whole(pair.right, at) && !exact(pair.left.wholes[at], pair.right.wholes[at], &made))
      append_long(out, made);
    else
      append_json_real(out, real(pair.left.reals[at], pair.right.reals[at]));
  });
}
bool add_exactly(Long a, Long b, Long* made) { return __builtin_add_overflow(a, b, made); }
bool subtract_exactly(Long a, Long b, Long* made) { return __builtin_sub_overflow(a, b, made); }
bool multiply_exactly(Long a, Long b, Long* made) { return __builtin_mul_overflow(a, b, made); }
bool never_exactly(Long, Long, Long*) { return true; }
double sum(double a, double b) { return a + b; }
double difference(double a, double b) { return a - b; }
double product(double a, double b) { return a * b; }
double quotient(double a, double b) { return a / b; }
double power(double a, double b) { return std::pow(a, b); }

/// `orders` are the signs of a - b for which the result is true; with NaN only inequality holds.
struct Orders {
  bool less = false, equal = false, greater = false;
};
template <Orders orders>
bool comparison(Pair& pair, Text left, Text right, std::string& out) {
  const auto holds = [](auto a, auto b) {
    if (a < b) return orders.less;
    if (a > b) return orders.greater;
    if (a == b) return orders.equal;
    return orders.less && orders.greater;
  };
  return each_pair(pair, left, right, out, [&](std::size_t at) {
    const bool exact = whole(pair.left, at) && whole(pair.right, at);
    const bool result =
        exact ? holds(pair.left.wholes[at], pair.right.wholes[at]) : holds(pair.left.reals[at], pair.right.reals[at]);
    out.append(result ? "true" : "false");
  });
}

constexpr Kernel kKernels[] = {
    kernel<&absolute>("wardian_series_abs"),
    kernel<&real_of<&arc_cosine>>("wardian_series_acos"),
    kernel<&arithmetic<&add_exactly, &sum>>("wardian_series_add"),
    kernel<&real_of<&arc_sine>>("wardian_series_asin"),
    kernel<&real_of<&arc_tangent>>("wardian_series_atan"),
    kernel<&real_of<&ceiling>>("wardian_series_ceiling"),
    kernel<&real_of<&cosine>>("wardian_series_cos"),
    kernel<&arithmetic<&never_exactly, &quotient>>("wardian_series_divide"),
    kernel<&comparison<Orders{false, true, false}>>("wardian_series_equals"),
    kernel<&real_of<&exponential>>("wardian_series_exp"),
    kernel<&real_of<&floored>>("wardian_series_floor"),
    kernel<&comparison<Orders{false, false, true}>>("wardian_series_greater"),
    kernel<&comparison<Orders{false, true, true}>>("wardian_series_greater_equals"),
    kernel<&comparison<Orders{true, false, false}>>("wardian_series_less"),
    kernel<&comparison<Orders{true, true, false}>>("wardian_series_less_equals"),
    kernel<&real_of<&logarithm>>("wardian_series_log"),
    kernel<&arithmetic<&multiply_exactly, &product>>("wardian_series_multiply"),
    kernel<&comparison<Orders{true, false, true}>>("wardian_series_not_equals"),
    kernel<&arithmetic<&never_exactly, &power>>("wardian_series_pow"),
    kernel<&sign>("wardian_series_sign"),
    kernel<&real_of<&sine>>("wardian_series_sin"),
    kernel<&arithmetic<&subtract_exactly, &difference>>("wardian_series_subtract"),
    kernel<&real_of<&tangent>>("wardian_series_tan"),
};

}  // namespace

std::span<const Kernel> series_elementwise_kernels() { return kKernels; }

}  // namespace wardian::kernels

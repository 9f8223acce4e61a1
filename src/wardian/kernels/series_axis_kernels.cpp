#include <cmath>

#include "wardian/kernels/datetime.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/timespan.h"

// The axis of make-series: bins of one step, counted from an origin. Place 0 is the bin that begins there.
namespace wardian::kernels {
namespace {

using Long = std::int64_t;

/// An array has no more elements than this, as documented; what lies beyond is left out.
constexpr Long kElementsMax = 1'048'576;

Int128 floor_of(Int128 number, Int128 divisor) { return number / divisor - (number % divisor < 0 ? 1 : 0); }

std::optional<Long> long_of(Int128 value) {
  if (value < std::numeric_limits<Long>::min() || value > std::numeric_limits<Long>::max()) return std::nullopt;
  return static_cast<Long>(value);
}

/// The bin that a value lies in; null for a step that is not positive.
std::optional<Long> place_long(Long value, Long origin, Long step) {
  if (step <= 0) return std::nullopt;
  return long_of(floor_of(static_cast<Int128>(value) - origin, step));
}

/// The last bin that begins before `end`, or there, when the end is included.
std::optional<Long> last_long(Long end, Long origin, Long step, bool included) {
  return place_long(included ? end : static_cast<Long>(end - (end > std::numeric_limits<Long>::min() ? 1 : 0)), origin, step);
}

/// A multiple of the step is often a little off: what lies this near to one counts as it, as a share of a step.
constexpr double kNear = 1e-9;

std::optional<Long> place_real(double value, double origin, double step) {
  const double steps = (value - origin) / step;
  if (!(step > 0) || !(std::abs(steps) < 0x1p62)) return std::nullopt;
  const double nearest = std::round(steps);
  return static_cast<Long>(std::abs(steps - nearest) < kNear ? nearest : std::floor(steps));
}

std::optional<Long> last_real(double end, double origin, double step, bool included) {
  const auto place = place_real(end, origin, step);
  if (!place || included) return place;
  const bool begins_there = std::abs((end - origin) / step - static_cast<double>(*place)) < kNear;
  return begins_there ? *place - 1 : *place;
}

/// Where the bins from the first place to the last begin; an empty array when there are none.
template <class Append>
void axis(std::optional<Long> first, std::optional<Long> last, std::string& out, Append append) {
  JsonArrayWriter array(out);
  if (first && last) {
    Long count = 0;
    for (Long place = *first; place <= *last && count < kElementsMax; ++place, ++count) {
      array.separate();
      append(place);
    }
  }
  array.close();
}

template <void (*append)(std::string&, Long)>
void axis_of_longs(std::optional<Long> first, std::optional<Long> last, std::optional<Long> origin, std::optional<Long> step,
                   std::string& out) {
  if (!origin || !step) first = std::nullopt;
  axis(first, last, out, [&](Long place) {
    const auto value = long_of(static_cast<Int128>(*origin) + static_cast<Int128>(place) * *step);
    if (value)
      append(out, *value);
    else
      out.append("null");
  });
}
void quoted_datetime(std::string& out, Long value) {
  out.push_back('"');
  append_datetime(out, value);
  out.push_back('"');
}
void quoted_timespan(std::string& out, Long value) {
  out.push_back('"');
  append_timespan(out, value);
  out.push_back('"');
}

void axis_of_reals(std::optional<Long> first, std::optional<Long> last, std::optional<double> origin, std::optional<double> step,
                   std::string& out) {
  if (!origin || !step) first = std::nullopt;
  axis(first, last, out, [&](Long place) { append_json_real(out, *origin + static_cast<double>(place) * *step); });
}

constexpr Kernel kKernels[] = {
    kernel<&axis_of_longs<&quoted_datetime>>("wardian_series_axis_datetime"),
    kernel<&axis_of_longs<&append_long>>("wardian_series_axis_long"),
    kernel<&axis_of_reals>("wardian_series_axis_real"),
    kernel<&axis_of_longs<&quoted_timespan>>("wardian_series_axis_timespan"),
    kernel<&last_long>("wardian_series_last_long"),
    kernel<&last_real>("wardian_series_last_real"),
    kernel<&place_long>("wardian_series_place_long"),
    kernel<&place_real>("wardian_series_place_real"),
};

}  // namespace

std::span<const Kernel> series_axis_kernels() { return kKernels; }

}  // namespace wardian::kernels

#include <cmath>

#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/series.h"

// Gaps of series filled. A gap is null, or the number given for it. All else stays the text that it is.
namespace wardian::kernels {
namespace {

struct Fill {
  std::vector<Text> elements;
  Series numbers;
  std::vector<bool> gaps;
};

/// `gap` is null or the JSON text of a number.
bool read(Fill& fill, Text json, std::optional<Text> gap) {
  if (!split_json_array(json, fill.elements)) return false;
  fill.numbers.clear();
  for (const Text element : fill.elements) add_element(element, fill.numbers);
  fill.gaps.assign(fill.elements.size(), false);
  Series wanted;
  if (gap) add_element(*gap, wanted);
  const bool by_null = !gap || wanted.missing > 0;
  for (std::size_t at = 0; at < fill.elements.size(); ++at) {
    const bool missing = fill.numbers.kinds[at] == ElementKind::none;
    if (by_null)
      fill.gaps[at] = missing;
    else if (!missing)
      fill.gaps[at] =
          fill.numbers.reals[at] == wanted.reals[0] || (std::isnan(fill.numbers.reals[at]) && std::isnan(wanted.reals[0]));
  }
  return true;
}

void write(const Fill& fill, std::string& out) {
  JsonArrayWriter array(out);
  for (const Text element : fill.elements) array.add(element);
  array.close();
}

bool forward(Fill& fill, Text json, std::optional<Text> gap, std::string& out) {
  if (!read(fill, json, gap)) return false;
  for (std::size_t at = 1; at < fill.elements.size(); ++at) {
    if (fill.gaps[at]) fill.elements[at] = fill.elements[at - 1];
  }
  write(fill, out);
  return true;
}

bool backward(Fill& fill, Text json, std::optional<Text> gap, std::string& out) {
  if (!read(fill, json, gap)) return false;
  for (std::size_t at = fill.elements.size(); at-- > 1;) {
    if (fill.gaps[at - 1]) fill.elements[at - 1] = fill.elements[at];
  }
  write(fill, out);
  return true;
}

bool constant(Fill& fill, Text json, std::optional<Text> value, std::optional<Text> gap, std::string& out) {
  if (!read(fill, json, gap)) return false;
  for (std::size_t at = 0; at < fill.elements.size(); ++at) {
    if (fill.gaps[at]) fill.elements[at] = value.value_or("null");
  }
  write(fill, out);
  return true;
}

/// On the line between the numbers next to a gap, cut to whole numbers in a series of such; beyond the first and the last
/// number like these, or not at all. A series of gaps alone is filled with `otherwise`.
bool linear(Fill& fill, Text json, std::optional<Text> gap, std::optional<bool> edges, std::optional<double> otherwise,
            std::string& out) {
  if (!read(fill, json, gap)) return false;
  const std::size_t size = fill.elements.size();
  constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  std::size_t first = kNowhere;
  bool wholes = true;
  const auto is_number = [&](std::size_t at) { return !fill.gaps[at] && fill.numbers.kinds[at] != ElementKind::none; };
  for (std::size_t at = 0; at < size; ++at) {
    if (!is_number(at)) continue;
    if (first == kNowhere) first = at;
    wholes = wholes && fill.numbers.kinds[at] == ElementKind::whole;
  }
  JsonArrayWriter array(out);
  const auto interpolated = [&](std::size_t before, std::size_t at, std::size_t after) {
    const double share = static_cast<double>(at - before) / static_cast<double>(after - before);
    const double a = fill.numbers.reals[before], b = fill.numbers.reals[after];
    const double value = a + (b - a) * share;
    array.separate();
    // Both ends are of the range of whole numbers, and so is what lies between them.
    if (wholes && value >= -0x1p63 && value < 0x1p63)
      append_long(out, static_cast<std::int64_t>(value));
    else
      append_json_real(out, value);
  };
  std::size_t before = kNowhere, after = first;
  for (std::size_t at = 0; at < size; ++at) {
    if (!fill.gaps[at]) {
      array.add(fill.elements[at]);
      if (is_number(at)) before = at;
      continue;
    }
    if (first == kNowhere) {
      array.separate();
      if (otherwise)
        append_json_real(out, *otherwise);
      else
        out.append(fill.elements[at]);
      continue;
    }
    if (after != kNowhere && after < at) {
      after = at;
      while (after < size && !is_number(after)) ++after;
      if (after == size) after = kNowhere;
    }
    if (before != kNowhere && after != kNowhere)
      interpolated(before, at, after);
    else if (edges.value_or(true))
      array.add(fill.elements[before == kNowhere ? after : before]);
    else
      array.add(fill.elements[at]);
  }
  array.close();
  return true;
}

constexpr Kernel kKernels[] = {
    kernel<&backward>("wardian_series_fill_backward"),
    kernel<&constant>("wardian_series_fill_const"),
    kernel<&forward>("wardian_series_fill_forward"),
    kernel<&linear>("wardian_series_fill_linear"),
};

}  // namespace

std::span<const Kernel> series_fill_kernels() { return kKernels; }

}  // namespace wardian::kernels

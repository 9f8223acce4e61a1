#include "wardian/kernels/tdigest.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "wardian/kernels/datetime.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_table.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/timespan.h"

namespace wardian::kernels {
namespace {

using Entry = WeightedValues::Entry;

constexpr std::array<std::string_view, 4> kKindNames = {"long", "real", "datetime", "timespan"};
/// Of a text that is read: far more than any digest written here has.
constexpr std::size_t kCentroidsMax = 1 << 16;
/// A centroid is added to another digest as so many values at most.
constexpr std::int64_t kPartsMax = 16;

/// The value at a place of `places` evenly spread ones from `low` to `high`, both included.
std::int64_t spread(std::int64_t low, std::int64_t high, std::int64_t place, std::int64_t places) {
  const Int128 width = static_cast<Int128>(high) - low;
  return static_cast<std::int64_t>(low + width * place / std::max<std::int64_t>(1, places - 1));
}
double spread(double low, double high, std::int64_t place, std::int64_t places) {
  if (place == 0 || low == high) return low;
  if (place + 1 == places) return high;
  const double share = static_cast<double>(place) / static_cast<double>(places - 1);
  return low * (1 - share) + high * share;
}

template <class Value>
std::uint64_t spread_key(const Entry& entry, std::int64_t place, std::int64_t places) {
  return ordered_key(spread(value_of_key<Value>(entry.low), value_of_key<Value>(entry.high), place, places));
}

std::optional<double> parse_number(std::string_view json) {
  if (json.size() >= 2 && json.front() == '"') json = json.substr(1, json.size() - 2);
  const auto number = parse_real(json);
  return number && !std::isnan(*number) ? number : std::nullopt;
}

}  // namespace

DigestKind common_kind(DigestKind a, DigestKind b) { return a == b ? a : DigestKind::real; }

TDigest::TDigest(DigestKind kind, const WeightedValues& values) : kind_(kind), centroids_(values.sorted()) {
  if (centroids_.size() > kExactMax) compress();
}

/// Neighbours are joined as long as the joint weight spans at most one step of the scale.
void TDigest::compress() {
  const double total = weight();
  const auto scale = [](double share) {
    return kScale / (2 * std::numbers::pi) * std::asin(2 * std::clamp(share, 0.0, 1.0) - 1);
  };
  std::vector<Entry> made;
  double before = 0;  // weight of the centroids that are done
  double begin = scale(0);
  for (const Entry& entry : centroids_) {
    const auto added = static_cast<double>(entry.weight);
    if (!made.empty()) {
      Entry& last = made.back();
      const double joint = static_cast<double>(last.weight) + added;
      if (scale((before + joint) / total) - begin <= 1) {
        last.high = entry.high;
        last.weight = sum_of_weights(last.weight, entry.weight);
        continue;
      }
      before += static_cast<double>(last.weight);
      begin = scale(before / total);
    }
    made.push_back(entry);
  }
  centroids_ = std::move(made);
}

double TDigest::weight() const {
  double total = 0;
  for (const Entry& entry : centroids_) total += static_cast<double>(entry.weight);
  return total;
}

void TDigest::append_value(std::string& out, std::uint64_t key) const {
  switch (kind_) {
    case DigestKind::real: return append_json_real(out, value_of_key<double>(key));
    case DigestKind::whole: return append_long(out, value_of_key<std::int64_t>(key));
    case DigestKind::datetime:
      out += '"';
      append_datetime(out, value_of_key<std::int64_t>(key));
      out += '"';
      return;
    case DigestKind::timespan:
      out += '"';
      append_timespan(out, value_of_key<std::int64_t>(key));
      out += '"';
      return;
  }
}

void TDigest::append_json(std::string& out) const {
  JsonArrayWriter digest(out);
  digest.add_string(kKindNames[static_cast<std::size_t>(kind_)]);
  const auto array = [&](const auto& append) {
    digest.separate();
    JsonArrayWriter numbers(out);
    for (const Entry& entry : centroids_) {
      numbers.separate();
      append(entry);
    }
    numbers.close();
  };
  const auto value = [&](std::uint64_t key) {
    if (is_real())
      append_json_real(out, value_of_key<double>(key));
    else
      append_long(out, value_of_key<std::int64_t>(key));
  };
  array([&](const Entry& entry) { value(entry.low); });
  array([&](const Entry& entry) { append_long(out, entry.weight); });
  const auto wide = [](const Entry& entry) { return entry.low != entry.high; };
  if (std::ranges::any_of(centroids_, wide)) array([&](const Entry& entry) { value(entry.high); });
  digest.close();
}

std::optional<TDigest> TDigest::parse(std::string_view json) {
  std::vector<std::string_view> parts, lows, weights, highs;
  if (!split_json_array(json, parts) || parts.size() < 3 || parts.size() > 4) return {};
  if (parts[0].size() < 2) return {};
  const auto kind = std::ranges::find(kKindNames, parts[0].substr(1, parts[0].size() - 2));
  if (kind == kKindNames.end()) return {};
  if (!split_json_array(parts[1], lows) || !split_json_array(parts[2], weights)) return {};
  if (!split_json_array(parts.back(), highs)) return {};
  if (parts.size() == 3) highs = lows;
  if (lows.size() != weights.size() || lows.size() != highs.size() || lows.size() > kCentroidsMax) return {};
  TDigest made;
  made.kind_ = static_cast<DigestKind>(kind - kKindNames.begin());
  for (std::size_t at = 0; at < lows.size(); ++at) {
    Entry entry;
    const auto weight = parse_exact_long(weights[at]);
    if (!weight || *weight <= 0) return {};
    entry.weight = *weight;
    if (made.is_real()) {
      const auto low = parse_number(lows[at]), high = parse_number(highs[at]);
      if (!low || !high) return {};
      entry.low = ordered_key(*low);
      entry.high = ordered_key(*high);
    } else {
      const auto low = parse_exact_long(lows[at]), high = parse_exact_long(highs[at]);
      if (!low || !high) return {};
      entry.low = ordered_key(*low);
      entry.high = ordered_key(*high);
    }
    if (entry.high < entry.low || (!made.centroids_.empty() && entry.low < made.centroids_.back().high)) return {};
    made.centroids_.push_back(entry);
  }
  return made;
}

bool TDigest::append_percentile(std::string& out, double percentage) const {
  if (centroids_.empty()) return false;
  // The product is taken for what the decimal percentage says: 99.9 % of 1000 is 999, not a little more.
  const double product = std::clamp(percentage, 0.0, 100.0) * weight() / 100;
  const double wanted = std::max(1.0, std::ceil(product - std::min(product * 1e-15, 1e-6)));
  double before = 0;
  for (const Entry& entry : centroids_) {
    const auto here = static_cast<double>(entry.weight);
    if (before + here >= wanted || &entry == &centroids_.back()) {
      const bool last = wanted - before >= here;  // also where a double does not tell neighbouring ranks apart
      const std::int64_t place = last ? entry.weight - 1 : static_cast<std::int64_t>(std::max(wanted - before - 1, 0.0));
      append_value(
          out, is_real() ? spread_key<double>(entry, place, entry.weight) : spread_key<std::int64_t>(entry, place, entry.weight));
      return true;
    }
    before += here;
  }
  return false;
}

template <class Value>
double TDigest::rank_of(Value value) const {
  const std::uint64_t key = ordered_key(value);
  double below = 0;
  for (const Entry& entry : centroids_) {
    const auto here = static_cast<double>(entry.weight);
    if (key >= entry.high) {
      below += here;
      continue;
    }
    if (key >= entry.low) {
      const auto low = static_cast<double>(value_of_key<Value>(entry.low)),
                 high = static_cast<double>(value_of_key<Value>(entry.high));
      const double share = (static_cast<double>(value) - low) / (high - low);
      below += std::isfinite(share) ? 1 + std::floor(share * (here - 1)) : 1;
    }
    break;
  }
  return below;
}

std::optional<double> TDigest::rank(std::int64_t value) const {
  if (centroids_.empty()) return std::nullopt;
  return is_real() ? rank_of(static_cast<double>(value)) : rank_of(value);
}

std::optional<double> TDigest::rank(double value) const {
  if (centroids_.empty() || std::isnan(value)) return std::nullopt;
  if (is_real()) return rank_of(value);
  if (value >= 0x1p63) return weight();
  if (value < -0x1p63) return 0;
  return rank_of(static_cast<std::int64_t>(std::floor(value)));
}

void TDigest::add_to(WeightedValues& values, DigestKind wanted) const {
  for (const Entry& entry : centroids_) {
    const std::int64_t parts = entry.low == entry.high ? 1 : std::min(entry.weight, kPartsMax);
    for (std::int64_t part = 0; part < parts; ++part) {
      std::uint64_t key = is_real() ? spread_key<double>(entry, part, parts) : spread_key<std::int64_t>(entry, part, parts);
      if (wanted == DigestKind::real && !is_real()) key = ordered_key(static_cast<double>(value_of_key<std::int64_t>(key)));
      values.add(key, entry.weight / parts + (part < entry.weight % parts ? 1 : 0));
    }
  }
}

}  // namespace wardian::kernels

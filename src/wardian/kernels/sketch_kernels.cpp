#include <algorithm>
#include <cmath>

#include "wardian/kernels/hyperloglog.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/tdigest.h"

// What is asked of sketches that aggregates have made. Null where the value is no sketch.
namespace wardian::kernels {
namespace {

std::optional<std::int64_t> dcount_hll(Text json) {
  const auto sketch = HyperLogLog::parse(json);
  return sketch ? std::optional(sketch->count()) : std::nullopt;
}

/// Bytes that a dynamic value takes, those of its text. A sketch that holds registers is told as the language keeps it: each is
/// a number of four bytes there, beside 55 for the rest.
std::int64_t dynamic_size(std::optional<Text> json) {
  constexpr std::int64_t kRegisterBytes = 4, kHeadBytes = 55;
  if (!json) return 0;
  if (json->starts_with("[[1024,")) {
    const auto sketch = HyperLogLog::parse(*json);
    if (sketch && !sketch->is_exact()) return kRegisterBytes * (std::int64_t{1} << sketch->precision()) + kHeadBytes;
  }
  return static_cast<std::int64_t>(json->size());
}

template <class Sketch>
bool is_sketch(std::optional<Text> json) {
  return json && Sketch::parse(*json).has_value();
}

/// Of those that are sketches.
bool hll_merge(Texts sketches, std::string& out) {
  std::optional<HyperLogLog> all;
  for (const auto& json : sketches) {
    const auto sketch = json ? HyperLogLog::parse(*json) : std::nullopt;
    if (!all)
      all = sketch;
    else if (sketch)
      all->merge(*sketch);
  }
  if (all) all->append_json(out);
  return all.has_value();
}

constexpr std::size_t kSetsMax = 16;
/// With more sets than these the unions of all choices are many, and are made of fewer registers.
constexpr std::size_t kFineSets = 10;
constexpr int kCoarsePrecision = 12;

/// The sum over all choices of the sets from `begin` on, none included, of the sizes of their unions with `joint`; a choice of
/// an odd number of sets counts below zero.
double alternating_sum(std::span<const HyperLogLog> sets, std::size_t begin, const HyperLogLog& joint, double sign) {
  double sum = sign * static_cast<double>(joint.count());
  for (std::size_t at = begin; at < sets.size(); ++at) {
    HyperLogLog wider = joint;
    wider.merge(sets[at]);
    sum += alternating_sum(sets, at + 1, wider, -sign);
  }
  return sum;
}

/// How many values the first k sets have in common, for each k: exact where the sets are, else by inclusion and exclusion
/// over unions. What is no sketch is an empty set.
void dcount_intersect(Texts sketches, std::string& out) {
  std::vector<HyperLogLog> sets;
  for (const auto& json : sketches.first(std::min(sketches.size(), kSetsMax))) {
    const auto sketch = json ? HyperLogLog::parse(*json) : std::nullopt;
    sets.push_back(sketch.value_or(HyperLogLog(HyperLogLog::kPrecisionMax)));
  }
  if (sets.size() > kFineSets) {
    for (HyperLogLog& set : sets) set.merge(HyperLogLog(kCoarsePrecision));
  }
  const bool all_exact = std::ranges::all_of(sets, &HyperLogLog::is_exact);
  JsonArrayWriter counts(out);
  std::optional<HyperLogLog> exact;  // the common values of those so far, where all are exact
  double inexact = 0;
  std::int64_t common = 0;
  for (std::size_t k = 0; k < sets.size(); ++k) {
    if (!sets[k].is_exact() || (k > 0 && !exact))
      exact.reset();
    else
      exact = k == 0 ? sets[0] : exact->intersection(sets[k]);
    std::int64_t found = 0;
    if (k == 0 || common > 0) {
      // What the choices with set k among them add to those of the sets before it.
      if (!all_exact) inexact += alternating_sum(std::span(sets).first(k), 0, sets[k], 1);
      found = exact ? exact->count() : std::llround(std::clamp(inexact, 0.0, 9.2e18));
    }
    common = k == 0 ? found : std::min(common, found);
    counts.separate();
    append_long(out, common);
  }
  counts.close();
}

bool percentile_tdigest(Text json, double percentage, std::string& out) {
  const auto digest = TDigest::parse(json);
  return digest && digest->append_percentile(out, percentage);
}

/// Of percentages and arrays of them, as JSON.
bool percentiles_tdigest(Text json, Texts percentages, std::string& out) {
  const auto digest = TDigest::parse(json);
  if (!digest) return false;
  JsonArrayWriter array(out);
  const auto add = [&](Text percentage) {
    array.separate();
    const auto number = parse_real(percentage);
    if (!number || !digest->append_percentile(out, *number)) out += "null";
  };
  for (const auto& each : percentages) {
    if (each && json_kind(*each) == JsonKind::array) {
      for (JsonWalk walk(*each); walk.next();) add(walk.value());
    } else {
      add(each.value_or("null"));
    }
  }
  array.close();
  return true;
}

template <class Value>
std::optional<double> rank_tdigest(Text json, Value value) {
  const auto digest = TDigest::parse(json);
  return digest ? digest->rank(value) : std::nullopt;
}
template <class Value>
std::optional<double> percentrank_tdigest(Text json, Value value) {
  const auto digest = TDigest::parse(json);
  const auto rank = digest ? digest->rank(value) : std::nullopt;
  return rank ? std::optional(*rank / digest->weight() * 100) : std::nullopt;
}

/// Of those that are digests.
bool tdigest_merge(Texts digests, std::string& out) {
  std::vector<TDigest> parts;
  for (const auto& json : digests) {
    auto digest = json ? TDigest::parse(*json) : std::nullopt;
    if (digest) parts.push_back(std::move(*digest));
  }
  if (parts.empty()) return false;
  DigestKind kind = parts.front().kind();
  for (const TDigest& part : parts) kind = common_kind(kind, part.kind());
  WeightedValues values(TDigest::kMergedEntries);
  for (const TDigest& part : parts) part.add_to(values, kind);
  TDigest(kind, values).append_json(out);
  return true;
}

constexpr Kernel kKernels[] = {
    kernel<&dcount_hll>("wardian_dcount_hll"),
    kernel<&dcount_intersect>("wardian_dcount_intersect"),
    kernel<&dynamic_size>("wardian_dynamic_size"),
    kernel<&is_sketch<HyperLogLog>>("wardian_hll_isvalid"),
    kernel<&hll_merge>("wardian_hll_merge"),
    kernel<&percentile_tdigest>("wardian_percentile_tdigest"),
    kernel<&percentiles_tdigest>("wardian_percentiles_tdigest"),
    kernel<&percentrank_tdigest<std::int64_t>>("wardian_percentrank_tdigest_long"),
    kernel<&percentrank_tdigest<double>>("wardian_percentrank_tdigest_real"),
    kernel<&rank_tdigest<std::int64_t>>("wardian_rank_tdigest_long"),
    kernel<&rank_tdigest<double>>("wardian_rank_tdigest_real"),
    kernel<&is_sketch<TDigest>>("wardian_tdigest_isvalid"),
    kernel<&tdigest_merge>("wardian_tdigest_merge"),
};

}  // namespace

std::span<const Kernel> sketch_kernels() { return kKernels; }

}  // namespace wardian::kernels

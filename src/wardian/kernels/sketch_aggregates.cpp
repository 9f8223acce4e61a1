#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>
#include <string>

#include "wardian/kernels/aggregate_table.h"
#include "wardian/kernels/hyperloglog.h"
#include "wardian/kernels/tdigest.h"
#include "wardian/kernels/xxhash.h"

// Aggregates whose state is a sketch: of fixed size however many rows there are, and joined with others in any order.
namespace wardian::kernels {
namespace {

/// A bijection of 64 bits in which every bit of the input moves half of those of the output. Source: the finalizer of
/// MurmurHash3, with the constants of David Stafford's variant 13.
std::uint64_t hash_of(std::int64_t value) {
  auto bits = static_cast<std::uint64_t>(value);
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBULL;
  return bits ^ (bits >> 31);
}
/// Both zeros are one value, and so is every NaN.
std::uint64_t hash_of(double value) {
  return hash_of(std::isnan(value) ? std::int64_t{-1} : std::bit_cast<std::int64_t>(value + 0.0));
}
std::uint64_t hash_of(std::string_view value) { return xxhash64(value); }

template <class Value>
constexpr ValueType type_of() {
  if constexpr (std::is_same_v<Value, double>) return ValueType::real;
  if constexpr (std::is_same_v<Value, std::int64_t>) return ValueType::int64;
  return ValueType::text;
}

/// The sketches of many groups lie far apart: a block of so many rows asks for the memory of all before it touches any.
constexpr std::size_t kBlock = 64;

enum class Wanted : std::uint8_t { count, sketch };

/// Without any value the count is 0 and the sketch null.
template <Wanted wanted>
void finish(const std::optional<HyperLogLog>& sketch, ResultColumn& result, std::size_t row) {
  if constexpr (wanted == Wanted::count) {
    store(result, row, sketch ? sketch->count() : 0);
  } else if (!sketch) {
    result.set_null(row);
  } else {
    std::string text;
    sketch->append_json(text);
    result.set_text(row, text);
  }
}

/// (value, precision)
template <class Value, Wanted wanted>
struct Distinct {
  static constexpr std::array kArguments = {type_of<Value>(), ValueType::int64};
  static constexpr ValueType kResult = wanted == Wanted::count ? ValueType::int64 : ValueType::text;
  static constexpr bool kMovesAsBytes = true;

  static void update_rows(void* const* states, std::span<const Column> arguments, std::size_t rows) {
    std::array<std::uint64_t, kBlock> hashes{};
    for (std::size_t begin = 0; begin < rows; begin += kBlock) {
      const std::size_t end = std::min(rows, begin + kBlock);
      for (std::size_t row = begin; row < end; ++row) {
        __builtin_prefetch(states[row]);
        if (arguments[0].is_valid(row)) hashes[row - begin] = hash_of(value_at<Value>(arguments[0], row));
      }
      for (std::size_t row = begin; row < end; ++row) {
        const auto& sketch = static_cast<const Distinct*>(states[row])->sketch;
        if (sketch) sketch->prefetch(hashes[row - begin]);
      }
      for (std::size_t row = begin; row < end; ++row) {
        if (!arguments[0].is_valid(row)) continue;
        auto& sketch = static_cast<Distinct*>(states[row])->sketch;
        if (!sketch) sketch.emplace(static_cast<int>(value_at<std::int64_t>(arguments[1], row)));
        sketch->add(hashes[row - begin]);
      }
    }
  }
  void combine(Distinct&& other) {
    if (!sketch)
      sketch = std::move(other.sketch);
    else if (other.sketch)
      sketch->merge(*other.sketch);
  }
  void finalize(ResultColumn& result, std::size_t row) const { finish<wanted>(sketch, result, row); }

  std::optional<HyperLogLog> sketch;
};

/// (sketch): of all that are sketches.
struct DistinctOfSketches {
  static constexpr std::array kArguments = {ValueType::text};
  static constexpr ValueType kResult = ValueType::text;

  void update(std::span<const Column> arguments, std::size_t row) {
    if (!arguments[0].is_valid(row)) return;
    const auto other = HyperLogLog::parse(value_at<std::string_view>(arguments[0], row));
    if (!sketch)
      sketch = other;
    else if (other)
      sketch->merge(*other);
  }
  void combine(const DistinctOfSketches& other) {
    if (!sketch)
      sketch = other.sketch;
    else if (other.sketch)
      sketch->merge(*other.sketch);
  }
  void finalize(ResultColumn& result, std::size_t row) const { finish<Wanted::sketch>(sketch, result, row); }

  std::optional<HyperLogLog> sketch;
};

constexpr std::size_t kDigestEntries = TDigest::kMergedEntries;

void finish(const WeightedValues& values, DigestKind kind, ResultColumn& result, std::size_t row) {
  if (values.empty()) return result.set_null(row);
  std::string text;
  TDigest(kind, values).append_json(text);
  result.set_text(row, text);
}

/// (value, weight): rows with a null, a weight that is not above zero or NaN are left out.
template <class Value, DigestKind kind>
struct Digest {
  static constexpr std::array kArguments = {type_of<Value>(), ValueType::int64};
  static constexpr ValueType kResult = ValueType::text;
  static constexpr bool kMovesAsBytes = true;

  static void update_rows(void* const* states, std::span<const Column> arguments, std::size_t rows) {
    std::array<std::uint64_t, kBlock> keys{};
    for (std::size_t begin = 0; begin < rows; begin += kBlock) {
      const std::size_t end = std::min(rows, begin + kBlock);
      for (std::size_t row = begin; row < end; ++row) {
        __builtin_prefetch(states[row]);
        keys[row - begin] = ordered_key(value_at<Value>(arguments[0], row));
      }
      for (std::size_t row = begin; row < end; ++row) static_cast<Digest*>(states[row])->values.prefetch(keys[row - begin]);
      for (std::size_t row = begin; row < end; ++row) {
        if (!arguments[0].is_valid(row) || !arguments[1].is_valid(row)) continue;
        const auto value = value_at<Value>(arguments[0], row);
        const auto weight = value_at<std::int64_t>(arguments[1], row);
        if (weight > 0 && value == value) static_cast<Digest*>(states[row])->values.add(keys[row - begin], weight);
      }
    }
  }
  void combine(Digest&& other) { values.merge(std::move(other.values)); }
  void finalize(ResultColumn& result, std::size_t row) const { finish(values, kind, result, row); }

  WeightedValues values{kDigestEntries};
};

/// (digest): of all that are digests. Digests of values of different kinds meet in real numbers.
struct DigestOfDigests {
  static constexpr std::array kArguments = {ValueType::text};
  static constexpr ValueType kResult = ValueType::text;

  void update(std::span<const Column> arguments, std::size_t row) {
    if (!arguments[0].is_valid(row)) return;
    if (const auto digest = TDigest::parse(value_at<std::string_view>(arguments[0], row))) add(*digest);
  }
  void combine(const DigestOfDigests& other) {
    for (std::size_t at = 0; at < values.size(); ++at) values[at].merge(other.values[at]);
  }
  void finalize(ResultColumn& result, std::size_t row) const {
    std::optional<DigestKind> kind;
    for (std::size_t at = 0; at < values.size(); ++at) {
      if (values[at].empty()) continue;
      const auto here = static_cast<DigestKind>(at);
      kind = kind ? common_kind(*kind, here) : here;
    }
    if (!kind) return result.set_null(row);
    WeightedValues joint(kDigestEntries);
    for (std::size_t at = 0; at < values.size(); ++at) {
      if (static_cast<DigestKind>(at) == *kind)
        joint.merge(values[at]);
      else if (!values[at].empty())
        TDigest(static_cast<DigestKind>(at), values[at]).add_to(joint, *kind);
    }
    finish(joint, *kind, result, row);
  }
  void add(const TDigest& digest) { digest.add_to(values[static_cast<std::size_t>(digest.kind())], digest.kind()); }

  std::array<WeightedValues, 4> values = {WeightedValues(kDigestEntries), WeightedValues(kDigestEntries),
                                          WeightedValues(kDigestEntries), WeightedValues(kDigestEntries)};
};

constexpr AggregateKernel kAggregates[] = {
    aggregate<Distinct<std::int64_t, Wanted::count>>("wardian_dcount_long"),
    aggregate<Distinct<double, Wanted::count>>("wardian_dcount_real"),
    aggregate<Distinct<std::string_view, Wanted::count>>("wardian_dcount_text"),
    aggregate<Distinct<std::int64_t, Wanted::sketch>>("wardian_hll_long"),
    aggregate<DistinctOfSketches>("wardian_hll_merge_of"),
    aggregate<Distinct<double, Wanted::sketch>>("wardian_hll_real"),
    aggregate<Distinct<std::string_view, Wanted::sketch>>("wardian_hll_text"),
    aggregate<Digest<std::int64_t, DigestKind::datetime>>("wardian_tdigest_datetime"),
    aggregate<Digest<std::int64_t, DigestKind::whole>>("wardian_tdigest_long"),
    aggregate<DigestOfDigests>("wardian_tdigest_merge_of"),
    aggregate<Digest<double, DigestKind::real>>("wardian_tdigest_real"),
    aggregate<Digest<std::int64_t, DigestKind::timespan>>("wardian_tdigest_timespan"),
};

}  // namespace

std::span<const AggregateKernel> sketch_aggregates() { return kAggregates; }

}  // namespace wardian::kernels

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/kernels/weighted_values.h"

namespace wardian::kernels {

/// What the numbers of a digest mean.
enum class DigestKind : std::uint8_t { whole, real, datetime, timespan };

/// How values are distributed, in few numbers. Up to kExactMax different values it is exact; beyond, neighbouring values share
/// a centroid, whose share of the weight is at most the width of the t-digest's scale there: below 0.8 % in the middle, ever
/// less towards both ends, which are exact. A centroid keeps its least and its greatest value, between which its weight is
/// taken to be spread evenly.
///
/// Source: Dunning, Ertl, "Computing extremely accurate quantiles using t-digests" (2019), the scale function k1.
class TDigest {
 public:
  static constexpr std::size_t kExactMax = 1024;
  /// How many values, or ranges of them, are told apart before a digest is made; twice as many fill a table of 100 kB.
  static constexpr std::size_t kMergedEntries = 3 << 9;
  static constexpr double kScale = 400;  // at most so many centroids

  TDigest(DigestKind kind, const WeightedValues& values);

  /// [kind, least values, weights], and a fourth array of greatest values where those differ.
  void append_json(std::string& out) const;
  static std::optional<TDigest> parse(std::string_view json);

  /// By the nearest rank, as JSON. Appends. Nothing for a digest of nothing.
  bool append_percentile(std::string& out, double percentage) const;
  /// How much weight is at or below the value; nullopt for a digest of nothing.
  std::optional<double> rank(std::int64_t value) const;
  std::optional<double> rank(double value) const;
  double weight() const;

  DigestKind kind() const { return kind_; }
  /// Adds all it holds to what another digest is to be made of.
  void add_to(WeightedValues& values, DigestKind wanted) const;

 private:
  TDigest() = default;
  void compress();
  template <class Value>
  double rank_of(Value value) const;
  void append_value(std::string& out, std::uint64_t key) const;
  bool is_real() const { return kind_ == DigestKind::real; }

  DigestKind kind_ = DigestKind::real;
  std::vector<WeightedValues::Entry> centroids_;
};

/// The kind that two digests meet in.
DigestKind common_kind(DigestKind a, DigestKind b);

}  // namespace wardian::kernels

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <span>

#include "wardian/kernels/hyperloglog.h"
#include "wardian/kernels/tdigest.h"
#include "wardian/kernels/weighted_values.h"

// Sketches: their errors are those that the papers and the language's reference state, and what they hold depends on what
// they were given, not on its order or on how parts of it were merged.
namespace wardian::kernels {
namespace {

std::vector<std::uint64_t> hashes(std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> made(count);
  for (std::uint64_t& hash : made) hash = random();
  return made;
}

HyperLogLog sketch_of(std::span<const std::uint64_t> hashes, int precision) {
  HyperLogLog made(precision);
  for (const std::uint64_t hash : hashes) made.add(hash);
  return made;
}

std::string text(const HyperLogLog& sketch) {
  std::string out;
  sketch.append_json(out);
  return out;
}

TEST(HyperLogLog, IsExactUpToItsBound) {
  const auto all = hashes(HyperLogLog::kExactMax, 1);
  for (const std::size_t count : {0, 1, 7, 8, 9, 500, 1023, 1024}) {
    HyperLogLog sketch = sketch_of(std::span(all).first(count), 14);
    sketch.merge(sketch_of(std::span(all).first(count / 2), 14));
    EXPECT_EQ(sketch.count(), static_cast<std::int64_t>(count));
  }
  HyperLogLog zeros(14);
  zeros.add(0);
  zeros.add(0);
  EXPECT_EQ(zeros.count(), 1);
}

/// The root of the mean square over several sets, which lies within a quarter of the standard error for sure.
TEST(HyperLogLog, HasTheErrorOfItsAccuracy) {
  constexpr double kErrors[] = {0.016, 0.008, 0.004, 0.0028, 0.002};
  for (int accuracy = 0; accuracy <= 4; ++accuracy) {
    for (const std::size_t count : {1'100, 5'000, 40'000, 200'000}) {
      double squares = 0;
      constexpr int kRuns = 12;
      for (int run = 0; run < kRuns; ++run) {
        const auto all = hashes(count, static_cast<unsigned>(100 * accuracy + run));
        const auto found = static_cast<double>(sketch_of(all, HyperLogLog::precision_of(accuracy)).count());
        const double error = found / static_cast<double>(count) - 1;
        squares += error * error;
        EXPECT_LT(std::abs(error), 4.5 * kErrors[accuracy]) << accuracy << " " << count;
      }
      EXPECT_LT(std::sqrt(squares / kRuns), 1.6 * kErrors[accuracy]) << accuracy << " " << count;
    }
  }
}

TEST(HyperLogLog, MergesInAnyOrderToTheSameText) {
  std::mt19937 random(3);
  for (const std::size_t count : {10, 1000, 1025, 3000, 20000}) {
    const auto all = hashes(count, 5);
    const std::string whole = text(sketch_of(all, 14));
    for (int run = 0; run < 6; ++run) {
      std::vector<std::uint64_t> mixed = all;
      std::ranges::shuffle(mixed, random);
      std::vector<HyperLogLog> parts;
      for (std::size_t at = 0; at < mixed.size();) {
        const std::size_t size = std::min<std::size_t>(mixed.size() - at, 1 + random() % (count / 2 + 1));
        parts.push_back(sketch_of(std::span(mixed).subspan(at, size), 14));
        at += size;
      }
      HyperLogLog joined(14);
      for (const HyperLogLog& part : parts) joined.merge(part);
      EXPECT_EQ(text(joined), whole);
    }
  }
}

TEST(HyperLogLog, ALowerPrecisionIsThatOfTheSameValues) {
  for (const std::size_t count : {100, 5000, 100000}) {
    const auto all = hashes(count, 8);
    const std::string coarse = text(sketch_of(all, 12));
    for (const int precision : {14, 16, 18}) {
      HyperLogLog fine = sketch_of(all, precision);
      fine.merge(HyperLogLog(12));
      EXPECT_EQ(text(fine), coarse);
      HyperLogLog other = sketch_of(all, 12);
      other.merge(sketch_of(all, precision));
      EXPECT_EQ(text(other), coarse);
    }
  }
}

TEST(HyperLogLog, ReadsWhatItWritesAndNothingElse) {
  for (const std::size_t count : {0, 3, 1024, 5000}) {
    const std::string written = text(sketch_of(hashes(count, 2), 14));
    const auto read = HyperLogLog::parse(written);
    ASSERT_TRUE(read);
    EXPECT_EQ(text(*read), written);
  }
  for (const std::string_view wrong :
       {"", "null", "[]", "1", "\"a\"", "{}", "[[1024,14]]", "[[1024,14],\"\"]", "[[1024,3],\"\",\"\"]", "[[1024,19],\"\",\"\"]",
        "[[1024,-1],\"\",\"\"]", "[[1024,14],\"AAAA\",\"\"]", "[[1024,14],\"????\",\"\"]", "[[1024,14],\"\",\"AAAA\"]",
        "[[1024,14],1,2]", "[[1024,4],\"\",\"/AAAAAAAAAAAAAAA\"]", "[[1024,4],\"\",\"!AAAAAAAAAAAAAAA\"]", "[[],\"\",\"\"]",
        "[[1024,4],\"AAAAAAAAAAA=\",\"BAAAAAAAAAAAAAAA\"]"}) {
    EXPECT_FALSE(HyperLogLog::parse(wrong)) << wrong;
  }
}

TEST(HyperLogLog, FullRegistersSayVeryMany) {
  const std::string full = "[[1024,4],\"\",\"" + std::string(16, '9') + "\"]";
  const auto sketch = HyperLogLog::parse(full);
  ASSERT_TRUE(sketch);
  EXPECT_GT(sketch->count(), 1'000'000'000'000'000'000);
}

TEST(WeightedValues, KeysAreInTheOrderOfTheValues) {
  const double reals[] = {-INFINITY, -1e300, -1, -1e-300, 0, 1e-300, 1, 1e300, INFINITY};
  for (std::size_t at = 1; at < std::size(reals); ++at) EXPECT_LT(ordered_key(reals[at - 1]), ordered_key(reals[at]));
  EXPECT_EQ(ordered_key(-0.0), ordered_key(0.0));
  for (const double real : reals) EXPECT_EQ(value_of_key<double>(ordered_key(real)), real);
  for (const std::int64_t whole : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
    EXPECT_EQ(value_of_key<std::int64_t>(ordered_key(whole)), whole);
  }
  EXPECT_LT(ordered_key(std::int64_t{-1}), ordered_key(std::int64_t{0}));
}

TEST(WeightedValues, HoldTheSameHoweverTheyWereMerged) {
  std::mt19937_64 random(4);
  std::vector<double> values(5000);
  for (double& value : values) value = std::exp(static_cast<double>(random() % 10000) / 500) - 100;
  const auto of = [](std::span<const double> some) {
    WeightedValues made(256);
    for (const double value : some) made.add(ordered_key(value), 2);
    return made;
  };
  const auto whole = of(values).sorted();
  EXPECT_LE(whole.size(), 256U);
  for (int run = 0; run < 20; ++run) {
    std::ranges::shuffle(values, random);
    WeightedValues joined(256);
    for (std::size_t at = 0; at < values.size();) {
      const std::size_t size = std::min<std::size_t>(values.size() - at, 1 + random() % 2000);
      joined.merge(of(std::span(values).subspan(at, size)));
      at += size;
    }
    const auto found = joined.sorted();
    ASSERT_EQ(found.size(), whole.size());
    for (std::size_t at = 0; at < found.size(); ++at) {
      EXPECT_EQ(found[at].low, whole[at].low);
      EXPECT_EQ(found[at].high, whole[at].high);
      EXPECT_EQ(found[at].weight, whole[at].weight);
    }
  }
}

TEST(WeightedValues, AWeightStaysWithinALong) {
  WeightedValues values;
  values.add(ordered_key(1.0), INT64_MAX);
  values.add(ordered_key(1.0), 5);
  ASSERT_EQ(values.sorted().size(), 1U);
  EXPECT_EQ(values.sorted()[0].weight, INT64_MAX);
}

template <class Value>
TDigest digest_of(DigestKind kind, std::span<const Value> all) {
  WeightedValues values(TDigest::kMergedEntries);
  for (const Value value : all) values.add(ordered_key(value), 1);
  return TDigest(kind, values);
}
std::string text(const TDigest& digest) {
  std::string out;
  digest.append_json(out);
  return out;
}
std::string percentile(const TDigest& digest, double percentage) {
  std::string out;
  return digest.append_percentile(out, percentage) ? out : "nothing";
}

TEST(TDigest, IsExactForFewDifferentValues) {
  std::vector<std::int64_t> all(1000);
  for (std::size_t at = 0; at < all.size(); ++at) all[at] = static_cast<std::int64_t>(at + 1);
  const TDigest digest = digest_of<std::int64_t>(DigestKind::whole, all);
  EXPECT_EQ(percentile(digest, 0), "1");
  EXPECT_EQ(percentile(digest, 50), "500");
  EXPECT_EQ(percentile(digest, 99.9), "999");
  EXPECT_EQ(percentile(digest, 100), "1000");
  EXPECT_EQ(digest.rank(std::int64_t{685}), 685);
  EXPECT_EQ(digest.rank(685.5), 685);
  EXPECT_EQ(digest.rank(std::int64_t{-4}), 0);
  EXPECT_EQ(digest.rank(1e30), 1000);
  EXPECT_EQ(percentile(TDigest(DigestKind::real, WeightedValues()), 50), "nothing");
}

/// The reference: at most 1 % of the rank in the middle, exact at both ends.
TEST(TDigest, KeepsTheRankOfManyValues) {
  std::mt19937_64 random(6);
  std::normal_distribution<double> normal;
  for (const int shape : {0, 1, 2, 3}) {
    std::vector<double> all(200'000);
    for (double& value : all) {
      const double drawn = normal(random);
      value = shape == 0 ? drawn : shape == 1 ? std::exp(3 * drawn) : shape == 2 ? std::round(drawn) : 1e6 + drawn * 1e-6;
    }
    const TDigest digest = digest_of<double>(DigestKind::real, all);
    std::ranges::sort(all);
    EXPECT_LT(text(digest).size(), 45'000U);
    for (const double percentage : {0.0, 0.01, 1.0, 10.0, 33.0, 50.0, 75.0, 99.0, 99.99, 100.0}) {
      const double found = std::stod(percentile(digest, percentage));
      const auto below = std::ranges::lower_bound(all, found) - all.begin(),
                 upto = std::ranges::upper_bound(all, found) - all.begin();
      const double wanted = percentage / 100 * static_cast<double>(all.size());
      const double share = percentage / 100,
                   allowed = static_cast<double>(all.size()) * (0.02 * std::sqrt(share * (1 - share)) + 1e-5);
      EXPECT_GE(static_cast<double>(upto) + allowed, wanted) << shape << " " << percentage;
      EXPECT_LE(static_cast<double>(below) - allowed, wanted) << shape << " " << percentage;
      EXPECT_NEAR(*digest.rank(found), wanted, allowed + static_cast<double>(upto - below)) << shape << " " << percentage;
    }
    EXPECT_EQ(std::stod(percentile(digest, 0)), all.front());
    EXPECT_EQ(std::stod(percentile(digest, 100)), all.back());
  }
}

TEST(TDigest, ReadsWhatItWritesAndNothingElse) {
  std::vector<double> all(3000);
  for (std::size_t at = 0; at < all.size(); ++at) all[at] = static_cast<double>(at * at) / 7;
  for (const std::size_t count : {1, 10, 3000}) {
    const std::string written = text(digest_of<double>(DigestKind::real, std::span(all).first(count)));
    const auto read = TDigest::parse(written);
    ASSERT_TRUE(read);
    EXPECT_EQ(text(*read), written);
  }
  for (const std::string_view wrong :
       {"", "null", "[]", "[1,2,3]", "[\"real\",[1],[1],[2],[3]]", "[\"real\",[1],[0]]", "[\"real\",[1],[-1]]",
        "[\"real\",[2,1],[1,1]]", "[\"real\",[1,2],[1]]", "[\"real\",[1],[1],[0]]", "[\"real\",[\"NaN\"],[1]]",
        "[\"real\",[{}],[1]]", "[\"x\",[1],[1]]", "[\"long\",[1.5],[1]]", "[\"long\",[1],[1.5]]", "[\"long\",1,1]",
        "[\"real\",[1,2],[1,1],[3,4]]", "[[\"real\"],[1],[1]]"}) {
    EXPECT_FALSE(TDigest::parse(wrong)) << wrong;
  }
}

TEST(TDigest, ExtremeNumbersStayInRange) {
  const std::vector<double> wide = {-INFINITY, -1.7e308, 1.7e308, INFINITY};
  const TDigest digest = digest_of<double>(DigestKind::real, wide);
  EXPECT_EQ(percentile(digest, 0), "\"-Infinity\"");
  EXPECT_EQ(percentile(digest, 50), "-1.7E+308");
  const auto whole = TDigest::parse("[\"long\",[-9223372036854775808],[9223372036854775807],[9223372036854775807]]");
  ASSERT_TRUE(whole);
  EXPECT_EQ(percentile(*whole, 0), "-9223372036854775808");
  EXPECT_EQ(percentile(*whole, 100), "9223372036854775807");
}

}  // namespace
}  // namespace wardian::kernels

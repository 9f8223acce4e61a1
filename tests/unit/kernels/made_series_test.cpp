#include <gtest/gtest.h>

#include <optional>
#include <random>

#include "kernels/text_result.h"
#include "wardian/kernels/aggregate_table.h"
#include "wardian/kernels/json_text.h"

// What make-series gathers: a group's values at their places.
namespace wardian::kernels {
namespace {

using Place = std::optional<std::int64_t>;

/// Rows of longs with one default and one pair of bounds.
struct Group {
  std::vector<Place> places, values;
  std::string_view otherwise = "0";
  Place first, last;

  std::string gathered(std::size_t cut) const {
    const AggregateKernel* kernel = nullptr;
    for (const AggregateKernel& each : series_aggregates()) {
      if (each.name == "wardian_make_series_long") kernel = &each;
    }
    std::vector<std::int64_t> place_cells, value_cells;
    std::vector<std::uint64_t> place_bits(places.size() / 64 + 1), value_bits(places.size() / 64 + 1);
    for (std::size_t row = 0; row < places.size(); ++row) {
      place_cells.push_back(places[row].value_or(0));
      value_cells.push_back(values[row].value_or(0));
      if (places[row]) place_bits[row / 64] |= std::uint64_t{1} << (row % 64);
      if (values[row]) value_bits[row / 64] |= std::uint64_t{1} << (row % 64);
    }
    const std::vector<std::string_view> defaults(places.size(), otherwise);
    const std::vector<std::int64_t> firsts(places.size(), first.value_or(0)), lasts(places.size(), last.value_or(0));
    const std::vector<std::uint64_t> none(places.size() / 64 + 1);
    const std::vector<Column> columns{{place_cells.data(), place_bits.data()},
                                      {value_cells.data(), value_bits.data()},
                                      {defaults.data(), nullptr},
                                      {firsts.data(), first ? nullptr : none.data()},
                                      {lasts.data(), last ? nullptr : none.data()}};
    std::vector<std::byte> left_room(kernel->state_size), right_room(kernel->state_size);
    void* const left = left_room.data();
    void* const right = right_room.data();
    kernel->begin_state(left);
    kernel->begin_state(right);
    std::vector<void*> states;
    for (std::size_t row = 0; row < places.size(); ++row) states.push_back(row < cut ? left : right);
    kernel->update(states.data(), columns, places.size());
    kernel->combine(left, right);
    TextResult result;
    kernel->finalize(left, result, 0);
    kernel->end_state(left);
    kernel->end_state(right);
    return result.text;
  }
};

TEST(MadeSeries, PutsValuesAtTheirPlaces) {
  // Source: the arrays written down by hand.
  const Group group{{3, 1, std::nullopt, 4}, {30, 10, 99, std::nullopt}, "0", {}, {}};
  EXPECT_EQ(group.gathered(2), "[10,0,30,null]");
  Group bounded = group;
  bounded.first = 0;
  EXPECT_EQ(bounded.gathered(2), "[0,10,0,30,null]");
  bounded.last = 2;
  EXPECT_EQ(bounded.gathered(2), "[0,10,0]");
  bounded.first = 5;
  EXPECT_EQ(bounded.gathered(2), "[]");
  const Group outside{{std::nullopt}, {1}, "-1", 0, 2};
  EXPECT_EQ(outside.gathered(0), "[-1,-1,-1]");
  const Group nowhere{{std::nullopt}, {1}, "-1", 0, {}};
  EXPECT_EQ(nowhere.gathered(0), "[]");
}

TEST(MadeSeries, EndsAtTheGreatestLength) {
  const Group group{{0, 5'000'000'000}, {1, 1}, "7", {}, {}};
  const std::string made = group.gathered(1);
  std::size_t count = 0;
  for (JsonWalk walk(made); walk.next();) ++count;
  EXPECT_EQ(count, 1'048'576U);
}

TEST(MadeSeries, AnyCutAndOrderAgree) {
  std::mt19937 random(3);
  for (int round = 0; round < 100; ++round) {
    Group group;
    for (std::int64_t place = 0; place < 30; ++place) {
      if (random() % 2 == 0) continue;
      group.places.emplace_back(place);
      group.values.push_back(random() % 4 == 0 ? Place() : Place(place * place));
    }
    const std::string expected = group.gathered(0);
    EXPECT_EQ(group.gathered(random() % (group.places.size() + 1)), expected);
    std::vector<std::size_t> order(group.places.size());
    for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
    std::shuffle(order.begin(), order.end(), random);
    Group shuffled;
    for (const std::size_t at : order) {
      shuffled.places.push_back(group.places[at]);
      shuffled.values.push_back(group.values[at]);
    }
    EXPECT_EQ(shuffled.gathered(order.size() / 2), expected);
  }
}

}  // namespace
}  // namespace wardian::kernels

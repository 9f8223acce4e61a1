#include <gtest/gtest.h>

#include <random>

#include "wardian/kernels/aggregate_table.h"

// The law of aggregates over an order: however the rows are cut into runs, and in whatever tree neighbouring runs are
// joined, the result is that of one run.
namespace wardian::kernels {
namespace {

class LongResult final : public ResultColumn {
 public:
  LongResult() : ResultColumn(&value) {}
  void set_null(std::size_t) override { null = true; }
  void set_text(std::size_t, std::string_view) override {}
  std::int64_t value = 0;
  bool null = false;
};

/// Rows in which every kernel finds its arguments: longs, texts and restarts by type, times ascending.
struct Rows {
  explicit Rows(unsigned seed, std::size_t count) {
    std::mt19937 random(seed);
    std::int64_t time = 0;
    for (std::size_t i = 0; i < count; ++i) {
      times.push_back(time += static_cast<std::int64_t>(random() % 12));
      limits.push_back(20);
      gaps.push_back(8);
      starts.push_back(7);
      texts.push_back(std::string(1, static_cast<char>('a' + random() % 3)));
      restarts.push_back(random() % 5 == 0);
    }
    for (const std::string& text : texts) views.push_back(text);
  }
  std::vector<Column> columns(const AggregateKernel& kernel) const {
    std::vector<Column> made;
    int longs = 0;
    for (const ValueType type : kernel.arguments) {
      if (type == ValueType::text)
        made.push_back({views.data(), nullptr});
      else if (type == ValueType::boolean)
        made.push_back({restarts.data(), nullptr});
      else if (kernel.name == "wardian_row_number")
        made.push_back({starts.data(), nullptr});
      else
        made.push_back({longs == 0 ? times.data() : longs == 1 ? limits.data() : gaps.data(), nullptr}), ++longs;
    }
    return made;
  }
  std::vector<std::int64_t> times, limits, gaps, starts;
  std::vector<std::string> texts;
  std::vector<std::string_view> views;
  std::vector<char> restarts;
};

/// Some of the rows, which the columns hold from the first on.
void update(const AggregateKernel& kernel, void* state, const std::vector<Column>& columns, std::size_t begin, std::size_t end) {
  std::vector<Column> shifted = columns;
  for (std::size_t at = 0; at < shifted.size(); ++at) {
    const std::size_t width = kernel.arguments[at] == ValueType::text      ? sizeof(std::string_view)
                              : kernel.arguments[at] == ValueType::boolean ? 1
                                                                           : sizeof(std::int64_t);
    shifted[at].values = static_cast<const char*>(shifted[at].values) + begin * width;
  }
  const std::vector<void*> states(end - begin, state);
  kernel.update(states.data(), shifted, end - begin);
}

void* make_state(const AggregateKernel& kernel) {
  void* room = ::operator new(kernel.state_size);
  kernel.begin_state(room);
  return room;
}
void free_state(const AggregateKernel& kernel, void* state) {
  kernel.end_state(state);
  ::operator delete(state);
}

void* build(const AggregateKernel& kernel, const std::vector<Column>& columns, std::size_t begin, std::size_t end,
            std::mt19937& random) {
  void* state = make_state(kernel);
  if (end - begin < 2 || random() % 4 == 0) {
    update(kernel, state, columns, begin, end);
    return state;
  }
  const std::size_t middle = begin + 1 + random() % (end - begin - 1);
  const auto join = [&](std::size_t from, std::size_t to) {
    void* part = build(kernel, columns, from, to, random);
    kernel.combine(state, part);
    free_state(kernel, part);
  };
  join(begin, middle);
  join(middle, end);
  return state;
}

TEST(OrderedAggregates, AnyTreeOfRunsAgreesWithOneRun) {
  std::mt19937 random(1);
  for (const AggregateKernel& kernel : row_order_aggregates()) {
    if (kernel.result != ValueType::int64) continue;
    for (unsigned seed = 0; seed < 400; ++seed) {
      const Rows rows(seed, 1 + seed % 40);
      const std::vector<Column> columns = rows.columns(kernel);
      void* whole = make_state(kernel);
      update(kernel, whole, columns, 0, rows.times.size());
      void* joined = build(kernel, columns, 0, rows.times.size(), random);
      LongResult expected, found;
      kernel.finalize(whole, expected, 0);
      kernel.finalize(joined, found, 0);
      EXPECT_EQ(found.value, expected.value) << kernel.name << " seed " << seed;
      EXPECT_EQ(found.null, expected.null) << kernel.name << " seed " << seed;
      free_state(kernel, whole);
      free_state(kernel, joined);
    }
  }
}

}  // namespace
}  // namespace wardian::kernels

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "kernels/text_result.h"
#include "wardian/kernels/aggregate_table.h"

// make_set: the values in the order of first appearance, whatever runs of rows they came in, and no more than are wanted.
namespace wardian::kernels {
namespace {

const AggregateKernel& kernel_named(std::string_view name) {
  for (const AggregateKernel& kernel : set_aggregates()) {
    if (kernel.name == name) return kernel;
  }
  ADD_FAILURE() << name;
  return set_aggregates().front();
}

struct State {
  explicit State(const AggregateKernel& of) : kernel(of), room(::operator new(of.state_size)) { kernel.begin_state(room); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    kernel.end_state(room);
    ::operator delete(room);
  }
  std::string text() const {
    TextResult result;
    kernel.finalize(room, result, 0);
    return result.text;
  }
  const AggregateKernel& kernel;
  void* room;
};

void update(State& state, const std::vector<std::int64_t>& values, std::int64_t size_max) {
  const std::vector<std::int64_t> most(values.size(), size_max);
  const std::vector<Column> columns = {{values.data(), nullptr}, {most.data(), nullptr}};
  const std::vector<void*> states(values.size(), state.room);
  state.kernel.update(states.data(), columns, values.size());
}

TEST(OrderedSet, KeepsLongsInTheOrderOfFirstAppearance) {
  const AggregateKernel& kernel = kernel_named("wardian_make_set_long");
  std::mt19937_64 random(1);
  for (const std::size_t count : {0, 1, 9, 3000}) {
    std::vector<std::int64_t> values(count);
    for (std::int64_t& value : values) value = static_cast<std::int64_t>(random() % 1000) - 500;
    for (const std::int64_t size_max : {0, 5, 1048576}) {
      std::string expected = "[";
      std::vector<std::int64_t> seen;
      for (const std::int64_t value : values) {
        if (static_cast<std::int64_t>(seen.size()) == size_max || std::ranges::find(seen, value) != seen.end()) continue;
        expected += (seen.empty() ? "" : ",") + std::to_string(value);
        seen.push_back(value);
      }
      State whole(kernel), first(kernel), second(kernel);
      update(whole, values, size_max);
      EXPECT_EQ(whole.text(), expected + "]");
      update(first, {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count / 3)}, size_max);
      update(second, {values.begin() + static_cast<std::ptrdiff_t>(count / 3), values.end()}, size_max);
      kernel.combine(first.room, second.room);
      EXPECT_EQ(first.text(), expected + "]");
    }
  }
}

TEST(OrderedSet, OpensArraysAndLeavesNullsOut) {
  const std::vector<std::string_view> values = {"\"a\"", "[1,null,\"a\",[2]]", "null", "{\"k\":1}", "1", "[]", ""};
  const std::uint64_t validity = 0b0111111;
  const std::vector<std::int64_t> most(values.size(), 100);
  const bool opens[] = {true, true, true, true, true, true, true}, keeps[] = {false, false, false, false, false, false, false};
  const AggregateKernel& kernel = kernel_named("wardian_make_set");
  for (const bool* const open : {opens, keeps}) {
    const std::vector<Column> columns = {{values.data(), &validity}, {most.data(), nullptr}, {open, nullptr}};
    State state(kernel);
    const std::vector<void*> states(values.size(), state.room);
    kernel.update(states.data(), columns, values.size());
    EXPECT_EQ(state.text(), open == opens ? "[\"a\",1,[2],{\"k\":1}]" : "[\"a\",[1,null,\"a\",[2]],{\"k\":1},1,[]]");
  }
}

}  // namespace
}  // namespace wardian::kernels

#pragma once

#include <new>
#include <utility>

#include "wardian/kernels/kernel_table.h"

/// Aggregates that SQL does not have. A state takes rows one by one and joins with the states of other rows.
namespace wardian::kernels {

struct AggregateKernel {
  std::string_view name;
  std::span<const ValueType> arguments;
  ValueType result = ValueType::int64;
  std::size_t state_size = 0;   // room for one, aligned as new aligns
  bool moves_as_bytes = false;  // a state may lie elsewhere once its bytes do, with the alignment of a pointer
  void (*begin_state)(void* room) = nullptr;
  void (*end_state)(void* state) = nullptr;
  /// One state for each row.
  void (*update)(void* const* states, std::span<const Column> arguments, std::size_t rows) = nullptr;
  /// The rows of `source` come after those of `target`, for those that depend on an order. `source` is as good as ended after
  /// it, unless the class takes it as const: windows go on with both.
  void (*combine)(void* target, void* source) = nullptr;
  /// Null without any row is the caller's business.
  void (*finalize)(const void* state, ResultColumn& result, std::size_t row) = nullptr;
};

template <class State>
constexpr bool moves_as_bytes() {
  if constexpr (requires { State::kMovesAsBytes; })
    return State::kMovesAsBytes && alignof(State) <= alignof(void*);
  else
    return false;
}

/// A row for a class with kArguments, kResult, update, combine and finalize; it may have a static update_rows that takes many
/// rows at once, as `update` of the kernel does, and a kMovesAsBytes.
template <class State>
constexpr AggregateKernel aggregate(std::string_view name) {
  return {
      name,
      State::kArguments,
      State::kResult,
      sizeof(State),
      moves_as_bytes<State>(),
      [](void* room) { new (room) State(); },
      [](void* state) { static_cast<State*>(state)->~State(); },
      [](void* const* states, std::span<const Column> arguments, std::size_t rows) {
        if constexpr (requires { State::update_rows(states, arguments, rows); }) {
          State::update_rows(states, arguments, rows);
        } else {
          for (std::size_t row = 0; row < rows; ++row) static_cast<State*>(states[row])->update(arguments, row);
        }
      },
      [](void* target, void* source) { static_cast<State*>(target)->combine(std::move(*static_cast<State*>(source))); },
      [](const void* state, ResultColumn& result, std::size_t row) { static_cast<const State*>(state)->finalize(result, row); }};
}

template <class T>
T value_at(const Column& column, std::size_t row) {
  return static_cast<const T*>(column.values)[row];
}
template <class T>
void store(ResultColumn& result, std::size_t row, T value) {
  static_cast<T*>(result.values())[row] = value;
}

std::span<const std::span<const AggregateKernel>> aggregate_families();
std::span<const AggregateKernel> percentile_aggregates();
std::span<const AggregateKernel> row_order_aggregates();
std::span<const AggregateKernel> series_aggregates();
std::span<const AggregateKernel> set_aggregates();
std::span<const AggregateKernel> sketch_aggregates();
std::span<const AggregateKernel> spread_aggregates();

}  // namespace wardian::kernels

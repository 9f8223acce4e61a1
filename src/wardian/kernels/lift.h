#pragma once

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "wardian/kernels/kernel_table.h"

/// Makes a kernel of a plain function over one row's values. The loop around the inlined function is what runs, so a
/// function of numbers alone is vectorised by the compiler.
///
/// Forms, by the function's own signature:
///   R f(A…)                        null when an argument is null
///   std::optional<R> f(A…)         may also be null by itself
///   bool f(A…, std::string& out)   text, null also when it returns false
///   void f(A…, std::string& out)   text that is never null: '' when an argument is null
/// An argument may be std::optional<A>: then it is handed over also when it is null.
/// A last argument (before `out`) of type Texts stands for any number of further texts, nulls included.
/// A first argument of type State& (any class) is kept for the whole query: compiled patterns, reused buffers. Its
/// begin_chunk(), if it has one, is called before the first row of each chunk.
namespace wardian::kernels {

using Text = std::string_view;
using Texts = std::span<const std::optional<std::string_view>>;

/// A DECIMAL(38, 17) value, told apart from a plain Int128.
struct Decimal {
  Int128 unscaled;
};

namespace lift_detail {

// The engine aligns its vectors to 8 bytes only, which is too little for values of 16: those go by memcpy, which the
// compiler turns into two plain moves.
template <class T>
T load_cell(const void* values, std::size_t row) {
  T value;
  std::memcpy(&value, static_cast<const char*>(values) + row * sizeof(T), sizeof(T));
  return value;
}
template <class T>
void store_cell(void* values, std::size_t row, const T& value) {
  std::memcpy(static_cast<char*>(values) + row * sizeof(T), &value, sizeof(T));
}

template <class T>
struct Stored {
  using type = T;
};
template <class T>
struct Stored<std::optional<T>> {
  using type = T;
};
template <>
struct Stored<Texts> {
  using type = Text;
};
template <class T>
using stored_t = typename Stored<T>::type;

template <class T>
constexpr ValueType value_type() {
  if constexpr (std::is_same_v<T, bool>)
    return ValueType::boolean;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return ValueType::int32;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return ValueType::int64;
  else if constexpr (std::is_same_v<T, double>)
    return ValueType::real;
  else if constexpr (std::is_same_v<T, Int128>)
    return ValueType::int128;
  else if constexpr (std::is_same_v<T, Decimal>)
    return ValueType::decimal;
  else {
    static_assert(std::is_same_v<T, Text>, "no kernel takes or gives this type");
    return ValueType::text;
  }
}

template <class T>
inline constexpr bool is_state = std::is_lvalue_reference_v<T> && !std::is_const_v<std::remove_reference_t<T>> &&
                                 std::is_class_v<std::remove_reference_t<T>> && !std::is_same_v<T, std::string&>;

template <class... A>
struct List {};

// Splits a parameter list into State&, values and std::string&.
template <class Head, class... Tail>
constexpr auto without_state(List<Head, Tail...>) {
  if constexpr (is_state<Head>)
    return List<Tail...>{};
  else
    return List<Head, Tail...>{};
}
constexpr List<> without_state(List<>) { return {}; }

template <class... A, std::size_t... I>
constexpr auto without_last(List<A...>, std::index_sequence<I...>) {
  return List<std::tuple_element_t<I, std::tuple<A...>>...>{};
}
template <class... A>
constexpr bool last_is_out(List<A...>) {
  if constexpr (sizeof...(A) == 0)
    return false;
  else
    return std::is_same_v<std::tuple_element_t<sizeof...(A) - 1, std::tuple<A...>>, std::string&>;
}
template <class... A>
constexpr auto values_only(List<A...> all) {
  if constexpr (last_is_out(List<A...>{}))
    return without_last(all, std::make_index_sequence<sizeof...(A) - 1>{});
  else
    return all;
}
template <class Head, class... Tail>
constexpr bool starts_with_state(List<Head, Tail...>) {
  return is_state<Head>;
}
constexpr bool starts_with_state(List<>) { return false; }

template <auto Function>
struct Lifted;

template <class R, class... P, R (*Function)(P...)>
struct Lifted<Function> {
  using All = List<P...>;
  static constexpr bool has_state = starts_with_state(All{});
  static constexpr bool has_out = last_is_out(All{});
  using Values = decltype(values_only(without_state(All{})));
  using State =
      std::remove_reference_t<std::conditional_t<has_state, std::tuple_element_t<0, std::tuple<P..., int>>, std::tuple<>>>;

  template <class T>
  static T read(const Column& column, std::size_t row) {
    if constexpr (std::is_same_v<T, stored_t<T>>)
      return load_cell<T>(column.values, row);
    else if (!column.is_valid(row))
      return std::nullopt;
    else
      return load_cell<stored_t<T>>(column.values, row);
  }

  template <class T, std::size_t I>
  static decltype(auto) argument(std::span<const Column> columns, std::size_t row, std::vector<std::optional<Text>>& rest) {
    if constexpr (std::is_same_v<T, Texts>) {
      rest.clear();
      for (std::size_t at = I; at < columns.size(); ++at) rest.push_back(read<std::optional<Text>>(columns[at], row));
      return Texts(rest);
    } else {
      return read<T>(columns[I], row);
    }
  }

  template <class... V, std::size_t... I>
  static void run(List<V...>, std::index_sequence<I...>, std::span<const Column> columns, std::size_t rows, ResultColumn& result,
                  void* state) {
    if constexpr (has_state) {
      if constexpr (requires(State& kept) { kept.begin_chunk(); }) static_cast<State*>(state)->begin_chunk();
    }
    std::vector<std::optional<Text>> rest;
    std::string out;
    const auto call = [&](std::size_t row) -> R {
      if constexpr (has_state && has_out) {
        return Function(*static_cast<State*>(state), argument<V, I>(columns, row, rest)..., out);
      } else if constexpr (has_state) {
        return Function(*static_cast<State*>(state), argument<V, I>(columns, row, rest)...);
      } else if constexpr (has_out) {
        return Function(argument<V, I>(columns, row, rest)..., out);
      } else {
        return Function(argument<V, I>(columns, row, rest)...);
      }
    };
    const auto store = [&](std::size_t row) {
      if constexpr (has_out) {
        out.clear();
        if constexpr (std::is_void_v<R>) {
          call(row);
          result.set_text(row, out);
        } else if (call(row)) {
          result.set_text(row, out);
        } else {
          result.set_null(row);
        }
      } else if constexpr (std::is_same_v<R, stored_t<R>>) {
        store_cell<R>(result.values(), row, call(row));
      } else if (const R value = call(row)) {
        store_cell<stored_t<R>>(result.values(), row, *value);
      } else {
        result.set_null(row);
      }
    };
    // Only plain parameters turn a null argument into a null result.
    const bool no_nulls = ((!std::is_same_v<V, stored_t<V>> || columns[I].validity == nullptr) && ...);
    if (no_nulls) {
      for (std::size_t row = 0; row < rows; ++row) store(row);
    } else {
      for (std::size_t row = 0; row < rows; ++row) {
        if (((!std::is_same_v<V, stored_t<V>> || columns[I].is_valid(row)) && ...))
          store(row);
        else if constexpr (has_out && std::is_void_v<R>)
          result.set_text(row, {});
        else
          result.set_null(row);
      }
    }
  }

  template <class... V>
  static constexpr auto types(List<V...>) {
    return std::array<ValueType, sizeof...(V)>{value_type<stored_t<V>>()...};
  }
  template <class... V>
  static constexpr bool repeats(List<V...>) {
    return (std::is_same_v<V, Texts> || ...);
  }
  template <class... V>
  static constexpr auto positions(List<V...>) {
    return std::make_index_sequence<sizeof...(V)>{};
  }

  static constexpr auto kTypes = types(Values{});

  static constexpr ValueType result_type() {
    if constexpr (has_out)
      return ValueType::text;
    else
      return value_type<stored_t<R>>();
  }
  static constexpr Kernel kernel(std::string_view name) {
    Kernel made{name,
                kTypes,
                repeats(Values{}),
                result_type(),
                [](std::span<const Column> columns, std::size_t rows, ResultColumn& result, void* state) {
                  run(Values{}, positions(Values{}), columns, rows, result, state);
                },
                nullptr,
                nullptr};
    if constexpr (has_state) {
      made.make_state = []() -> void* { return new State(); };
      made.free_state = [](void* state) { delete static_cast<State*>(state); };
    }
    return made;
  }
};

}  // namespace lift_detail

/// A row of a kernel table: kernel<&strcmp_texts>("wardian_strcmp").
template <auto Function>
constexpr Kernel kernel(std::string_view name) {
  return lift_detail::Lifted<Function>::kernel(name);
}

}  // namespace wardian::kernels

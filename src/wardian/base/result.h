#pragma once

#include <cassert>
#include <utility>
#include <variant>

#include "wardian/base/error.h"

namespace wardian {

/// A value or the Error that stands in its way. `std::expected` is not in C++20.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return get(); }
  const T& value() const& { return const_cast<Result*>(this)->get(); }
  T&& value() && { return std::move(get()); }
  T& operator*() & { return get(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(get()); }
  T* operator->() { return &get(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    assert(!ok());
    return *std::get_if<1>(&held_);
  }
  Error&& error() && {
    assert(!ok());
    return std::move(*std::get_if<1>(&held_));
  }

 private:
  T& get() {
    assert(ok());
    return *std::get_if<0>(&held_);
  }
  std::variant<T, Error> held_;
};

/// Success without a value.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}
  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace wardian

// Early return is the one thing the language gives no form for, hence macros.
#define WARDIAN_CONCAT_INNER(a, b) a##b
#define WARDIAN_CONCAT(a, b) WARDIAN_CONCAT_INNER(a, b)

/// WARDIAN_ASSIGN(auto tree, parse(text)); returns the error from the enclosing function if there is one.
#define WARDIAN_ASSIGN(declaration, expression) WARDIAN_ASSIGN_INNER(declaration, expression, WARDIAN_CONCAT(result_, __LINE__))
#define WARDIAN_ASSIGN_INNER(declaration, expression, result) \
  auto result = (expression);                                 \
  if (!result.ok()) return std::move(result).error();         \
  declaration = std::move(result).value()

/// WARDIAN_TRY(check(tree)); returns the error of a Status (or Result, whose value is dropped).
#define WARDIAN_TRY(expression)                                                 \
  do {                                                                          \
    auto wardian_try_result = (expression);                                     \
    if (!wardian_try_result.ok()) return std::move(wardian_try_result).error(); \
  } while (false)

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wardian/plan/expr.h"

namespace wardian::kql {

/// Why a constant will not do as an argument.
struct Refusal {
  std::string message;
  std::string hint = {};
};

/// What a parameter asks of a constant beyond its type, by the word that a signature puts before the type
/// ("part: period string"). An argument known only when the query runs is not looked at.
struct ArgumentRule {
  std::string_view word;
  /// `arguments` are those of the whole call, defaults included.
  std::optional<Refusal> (*check)(const columnar::Value& value, std::span<const plan::ExprPtr> arguments);
};

/// Null when no rule has that name.
const ArgumentRule* find_argument_rule(std::string_view word);

}  // namespace wardian::kql

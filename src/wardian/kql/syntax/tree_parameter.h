#pragma once

#include <string_view>
#include <vector>

#include "wardian/kql/syntax/tree_expression.h"

namespace wardian::kql::syntax {

/// name=value before an operator's own arguments (kind=inner, hint.strategy=shuffle) or inside its `with (…)`.
/// The value is a Name (also for bare words such as `inner`), a Literal, or where the operator has lists, a Call of
/// the empty name.
struct Parameter {
  Identifier name;  // with its dots: "hint.strategy"
  Expr value;
};
using Parameters = std::vector<Parameter>;

/// The parameter of that name, or null.
inline const Parameter* find_parameter(const Parameters& parameters, std::string_view name) {
  for (const Parameter& parameter : parameters) {
    if (parameter.name.text == name) return &parameter;
  }
  return nullptr;
}

}  // namespace wardian::kql::syntax

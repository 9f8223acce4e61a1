#pragma once

#include <optional>
#include <vector>

#include "wardian/kql/syntax/tree_parameter.h"

namespace wardian::kql::syntax {

/// declare (name: type = value)
struct ScanVariable {
  Identifier name;
  columnar::Type type = columnar::Type::dynamic;
  ExprPtr default_value;  // may be null
};
enum class ScanOutput : std::uint8_t { all, last, none };
/// step name [optional] [output = …]: condition [=> column = value, …];
struct ScanStep {
  Identifier name;
  bool optional = false;
  ScanOutput output = ScanOutput::all;
  ExprPtr condition;
  std::vector<Expr> assignments;  // Named
};
struct ScanOperator {
  Parameters parameters;  // with_match_id
  std::vector<Expr> order_by;
  std::vector<Expr> partition_by;
  std::vector<ScanVariable> variables;
  std::vector<ScanStep> steps;
};

}  // namespace wardian::kql::syntax

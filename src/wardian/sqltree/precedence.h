#pragma once

#include <string_view>

#include "wardian/sqltree/tree.h"

namespace wardian::sqltree {

/// Binding strength in DuckDB's grammar, weakest first. An operand is put in parentheses unless it binds more tightly
/// than the operator around it, so `a - (b - c)` and `(a = b) = c` keep theirs.
enum Strength : int { kOr = 1, kAnd, kNot, kIs, kComparison, kPattern, kOther, kSum, kProduct, kPower, kSign, kPostfix, kAtom };

struct OperatorRow {
  std::string_view op;
  Strength strength;
  bool associative;  // (a op b) op c needs no parentheses, and neither does a op (b op c)
  bool listed = true;
};

/// An operator nobody listed is printed safely: every operand in parentheses, itself weakest.
OperatorRow operator_row(std::string_view op);

/// How tightly the outermost node binds.
int strength(const Expr& expr);

}  // namespace wardian::sqltree

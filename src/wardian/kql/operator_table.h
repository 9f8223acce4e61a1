#pragma once

#include <span>
#include <string_view>

#include "wardian/plan/expr.h"

namespace wardian::kql {

/// One overload of a scalar operator, as KqlFunction is of a function: `op` as a query spells it, the signature over
/// operands a and b. Rows of one operator stand together; the order decides as it does for functions.
struct KqlOperator {
  std::string_view op;
  std::string_view signature;
  plan::Lowering lowering;
  /// What stands instead where null and false are the same (the conjunctions of `where`): plain comparisons that the
  /// engine can push down to its scans. Null where there is no difference.
  plan::SqlRewrite in_condition = nullptr;
};

/// + - * / % and the signs. Integer overflow is reported, or wraps when the lowering's options ask for it.
std::span<const KqlOperator> arithmetic_operators();
/// == != < <= > >=
std::span<const KqlOperator> comparison_operators();
/// =~ !~ contains has startswith hasprefix ..., and "matches regex". Strings are never null.
std::span<const KqlOperator> string_operators();
/// in in~, over values of one type or over a dynamic array ("in array"); the binder chooses among them.
std::span<const KqlOperator> membership_operators();
/// and or; not() is a function of the language.
std::span<const KqlOperator> logical_operators();

}  // namespace wardian::kql

#pragma once

#include <set>
#include <span>

#include "wardian/kql/operators/projection.h"

namespace wardian::kql {

/// The kinds of join, in the order of names.
std::span<const std::string_view> join_kinds();

/// What join and lookup share.
using JoinKeys = std::vector<std::pair<ExprPtr, ExprPtr>>;  // left over input 0, right over input 1

/// `a`, `$left.a == $right.b`, several of them, also joined by `and`. Keys of different types meet in a common one.
Result<JoinKeys> join_keys(Binder& binder, const std::vector<syntax::Expr>& on, const NodePtr& left, const NodePtr& right,
                           const Environment& env);

/// The right columns' names beside the left ones': x1, x2, … where a name is taken.
columnar::Schema joined_schema(const columnar::Schema& left, const columnar::Schema& right);

}  // namespace wardian::kql

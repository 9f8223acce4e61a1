#pragma once

#include "wardian/kql/binder.h"
#include "wardian/kql/graph/pattern_scope.h"

/// Names and functions that have a meaning in the `where` and `project` of a pattern alone. Each gives nullopt where the expression is
/// none of its business.
namespace wardian::kql {

Result<std::optional<Bound>> pattern_name(Binder& binder, std::string_view name, SourceSpan span, const Environment& env);
Result<std::optional<Bound>> pattern_member(Binder& binder, const syntax::Member& member, SourceSpan span,
                                            const Environment& env);
Result<std::optional<Bound>> pattern_call(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env);

/// What an expression sees of one edge or inner node of a path, before all that it sees of the match.
Environment within_path(const Environment& env, std::size_t path, bool inner);

/// The column in which the call's result will come.
ExprPtr element_call(PatternScope& scope, ElementCall call, SourceSpan span);

}  // namespace wardian::kql

#pragma once

#include <span>
#include <string_view>

#include "wardian/kql/binder.h"
#include "wardian/kql/graph/pattern_scope.h"

/// Names and functions that have a meaning in the `where` and `project` of a pattern alone. Each gives nullopt where the expression is
/// none of its business.
namespace wardian::kql {

/// A function that has a meaning there alone.
struct PatternFunction {
  std::string_view name;
  std::string_view usage;
  std::string_view summary;
};

/// In the order of names.
std::span<const PatternFunction> pattern_functions();

Result<std::optional<Bound>> pattern_name(Binder& binder, std::string_view name, SourceSpan span, const Environment& env);
Result<std::optional<Bound>> pattern_member(Binder& binder, const syntax::Member& member, SourceSpan span,
                                            const Environment& env);
Result<std::optional<Bound>> pattern_call(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env);

/// What an expression sees of one edge or inner node of a path, before all that it sees of the match.
Environment within_path(const Environment& env, std::size_t path, bool inner);

/// The column in which the call's result will come.
ExprPtr element_call(PatternScope& scope, ElementCall call, SourceSpan span);

}  // namespace wardian::kql

#pragma once

#include <string_view>
#include <vector>

#include "wardian/kql/binder.h"

namespace wardian::kql {

/// Functions whose result depends on more than the values of their arguments: on tables, on the columns at hand, on the
/// request. Each binds its own arguments.
struct BinderFunction {
  std::string_view name;
  Result<Bound> (*bind)(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env);
  std::string_view summary;
};

/// Null when there is no such function.
const BinderFunction* find_binder_function(std::string_view name);
void binder_function_names(std::vector<std::string_view>& into);

/// The first value where the condition holds, else the second; both of one type.
ExprPtr either(const ExprPtr& condition, ExprPtr then, ExprPtr otherwise, SourceSpan span);

/// {"name": value, …} of these columns.
Result<ExprPtr> bag_of_columns(Binder& binder, const columnar::Schema& columns, std::span<const std::size_t> which,
                               bool ignore_null_empty, SourceSpan span);

}  // namespace wardian::kql

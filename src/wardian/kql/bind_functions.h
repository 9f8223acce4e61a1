#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "wardian/kql/binder.h"

namespace wardian::kql {

/// Functions whose result depends on more than the values of their arguments: on tables, on the columns at hand, on the
/// request. Each binds its own arguments.
struct BinderFunction {
  std::string_view name;
  std::string_view usage;  // for the reference; arguments that are no plain values have no types
  Result<Bound> (*bind)(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env);
  std::string_view summary;
};

/// Null when there is no such function.
const BinderFunction* find_binder_function(std::string_view name);

/// All of them, by what they look at; each family a table at the end of its own file, in the order of names.
std::span<const std::span<const BinderFunction>> binder_function_families();
std::span<const BinderFunction> general_functions();  // bind_functions.cpp
std::span<const BinderFunction> request_functions();  // bind_request_functions.cpp
std::span<const BinderFunction> table_references();   // bind_table_references.cpp

/// ARGUMENT_COUNT at the function's name. `most` SIZE_MAX: no bound.
Status expect_count(const syntax::Call& call, std::size_t least, std::size_t most);

/// The first value where the condition holds, else the second; both of one type.
ExprPtr either(const ExprPtr& condition, ExprPtr then, ExprPtr otherwise, SourceSpan span);

/// {"name": value, …} of these columns.
Result<ExprPtr> bag_of_columns(Binder& binder, const columnar::Schema& columns, std::span<const std::size_t> which,
                               bool ignore_null_empty, SourceSpan span);

}  // namespace wardian::kql

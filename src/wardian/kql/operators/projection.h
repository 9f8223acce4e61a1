#pragma once

#include <vector>

#include "wardian/kql/bind_name.h"
#include "wardian/kql/operators/operators.h"

/// What project, extend, print and their like share: lists of named expressions.
namespace wardian::kql {

ExprPtr input_column(const columnar::Schema& schema, std::size_t index, SourceSpan span = {});

/// Exactly these columns over the input, whose order (if any) stays. Window calls within the arguments of window calls
/// are computed in a step of their own below, as the engine has no nested windows.
NodePtr project(NodePtr input, std::vector<plan::NamedExpr> columns);

/// The input with the window calls of `exprs` as further columns, which stand in their place afterwards; the input itself
/// where there are none. For operators that are no list of columns: the plan has window calls in those and in filters only.
NodePtr with_windows_computed(NodePtr input, std::span<ExprPtr* const> exprs);

/// All columns of the input as they are.
std::vector<plan::NamedExpr> all_columns(const plan::Node& input);

/// One entry of a list: `f(x)`, `a = f(x)`, or `(a, b) = f(x)` for functions with several results, of which those without
/// a written name have the function's own.
struct Entry {
  std::vector<plan::NamedExpr> columns;  // an empty name: none was given
  bool several = false;
  bool wrong_name = false;               // a name by itself that means nothing: which of the input's it was to be, nobody knows
  const syntax::Named* named = nullptr;  // null when no name was given
  const syntax::Expr* value = nullptr;
};
Result<Entry> bind_entry(Binder& binder, const syntax::Expr& expr, const Environment& env);

/// The input's columns that are not among these, with nothing known of them: one of them was meant by a wrong name, and
/// using it further on is no mistake of its own.
void add_names_of(std::vector<plan::NamedExpr>& columns, const columnar::Schema& input);

/// The name that an unnamed result of the entry gets from its expression: of several results each has its own.
std::optional<std::string> derived_name_of(const Entry& entry, std::size_t at);

// Errors that several operators have.
Error no_column_fits(std::string_view pattern, SourceSpan span);
Error dynamic_as_key(SourceSpan span);

/// Positions of the columns that names and patterns mean, in the order written.
Result<std::vector<std::size_t>> columns_named(Binder& binder, const std::vector<syntax::Expr>& names,
                                               const columnar::Schema& schema, const Environment& env);

}  // namespace wardian::kql

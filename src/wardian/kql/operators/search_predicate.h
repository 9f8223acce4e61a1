#pragma once

#include "wardian/kql/operators/projection.h"

namespace wardian::kql {

/// The condition of search and find over the rows of `rows`: a condition like others, where a constant text that stands by
/// itself (also among and, or) is a term that any column may hold, `*` is true, and `column: "term"` names the column.
/// A term may have a `*` at its ends or within.
Result<ExprPtr> search_predicate(Binder& binder, const syntax::Expr& expr, const Environment& rows, bool case_sensitive);

/// Whether the condition looks at all columns, by a term or a star.
bool reads_all_columns(const syntax::Expr& expr, const Environment& rows);

/// The names in the condition, in the order of reading.
void names_in(const syntax::Expr& expr, std::vector<std::string>& names);

}  // namespace wardian::kql

#pragma once

#include "wardian/kernels/regex_dialect.h"
#include "wardian/kql/operators/projection.h"

/// What parse and parse-kv share: columns cut out of a text by regular expressions.
namespace wardian::kql {

using kernels::regex_quoted;

/// What group `group` of the first match holds; '' where nothing matches.
ExprPtr regex_group(const ExprPtr& text, const std::string& pattern, int group, SourceSpan span);

/// The operator's source as a string.
Result<ExprPtr> text_source(Binder& binder, const syntax::Expr& source, const Environment& rows);

/// Sets a column: in its place when there is one of that name, else at the end.
void set_column(std::vector<plan::NamedExpr>& columns, std::string name, ExprPtr expr);

}  // namespace wardian::kql

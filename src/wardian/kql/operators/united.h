#pragma once

#include "wardian/kql/operators/projection.h"

/// Several tables as one: union, search, find.
namespace wardian::kql {

struct UnitedInput {
  std::string label;  // what a column with the source of each row says
  NodePtr table;
};
/// The tables that names, patterns and queries mean, the piped one first. `fuzzy`: those that there are.
Result<std::vector<UnitedInput>> united_inputs(Binder& binder, const std::vector<syntax::Expr>& tables, const OperatorSite& site,
                                               bool fuzzy);

/// The rows of all, with a column of the source in front unless it has no name. Columns of equal name and type are one;
/// `inner`: those only that all have.
Result<NodePtr> united(const std::vector<UnitedInput>& inputs, const std::string& source, bool inner, SourceSpan keyword);

/// All stored tables, then the views that the query declares.
Result<std::vector<UnitedInput>> tables_in_sight(Binder& binder, const OperatorSite& site);

}  // namespace wardian::kql

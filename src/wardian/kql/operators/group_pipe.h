#pragma once

#include "wardian/kql/operators/projection.h"
#include "wardian/plan/per_group.h"

/// What partition and mv-apply share: a pipeline inside another, done for each group of rows.
namespace wardian::kql {

/// A Shared node of its own id that stands for `input`.
NodePtr stand_in(Binder& binder, const NodePtr& input, std::string name);

/// The pipeline over `table`. It gives one table: further results (fork, facet) are refused, so is `render`.
Result<NodePtr> bind_group_pipe(Binder& binder, const syntax::Expr& pipe, NodePtr table, const Environment& env);

/// plan::per_group, whose errors name the operator and stand at its keyword.
Result<NodePtr> done_per_group(const NodePtr& plan, const plan::Groups& groups, std::string_view operator_name,
                               SourceSpan keyword);

}  // namespace wardian::kql

#pragma once

#include "wardian/kql/operators/operators.h"

/// The operators that make graphs or take them, bound as those of operators/ are.
namespace wardian::kql {

/// Where an operator over a graph stands.
struct GraphSite {
  GraphPtr graph;
  Environment& env;
  SourceSpan span;
  SourceSpan keyword;
};

Result<Bound> bind_operator(Binder&, const syntax::MakeGraphOperator&, const OperatorSite&);
Result<Bound> bind_operator(Binder&, const syntax::GraphMatchOperator&, const GraphSite&);
Result<Bound> bind_operator(Binder&, const syntax::GraphShortestPathsOperator&, const GraphSite&);
Result<Bound> bind_operator(Binder&, const syntax::GraphToTableOperator&, const GraphSite&);
Result<Bound> bind_operator(Binder&, const syntax::GraphMarkComponentsOperator&, const GraphSite&);
Result<Bound> bind_operator(Binder&, const syntax::GraphWhereOperator&, const GraphSite&);

/// The table, computed once however often it is used.
NodePtr computed_once(Binder& binder, NodePtr table, std::string name);

/// Rows of both tables side by side where the keys are equal: columns of these places, of the left and of the right table. No keys: all
/// pairs.
NodePtr joined(NodePtr left, NodePtr right, plan::JoinKind kind, const std::vector<std::pair<std::size_t, std::size_t>>& keys);

}  // namespace wardian::kql

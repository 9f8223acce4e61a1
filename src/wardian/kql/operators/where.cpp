#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

OperatorResult bind_operator(Binder& binder, const syntax::WhereOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(const ExprPtr condition, binder.scalar_of(*node.predicate, Type::boolean, site.rows()));
  columnar::Schema schema = site.input->schema;
  const bool serialized = site.input->serialized;
  return plan::make_node(plan::Filter{site.input, as_condition(condition)}, std::move(schema), serialized);
}

}  // namespace wardian::kql

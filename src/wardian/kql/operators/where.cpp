#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

OperatorResult bind_operator(Binder& binder, const syntax::WhereOperator& node, const OperatorSite& site) {
  const Environment rows = site.rows();
  WARDIAN_ASSIGN(const ExprPtr condition, binder.scalar(*node.predicate, rows));
  if (condition->type != Type::boolean) return wrong_type(Type::boolean, condition->type, node.predicate->span);
  columnar::Schema schema = site.input->schema;
  const bool serialized = site.input->serialized;
  return plan::make_node(plan::Filter{site.input, as_condition(condition)}, std::move(schema), serialized);
}

}  // namespace wardian::kql

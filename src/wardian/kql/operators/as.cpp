#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

/// The table gets a name that the rest of the query can use; it is computed once.
OperatorResult bind_operator(Binder& binder, const syntax::AsOperator& node, const OperatorSite& site) {
  columnar::Schema schema = site.input->schema;
  const bool serialized = site.input->serialized;
  NodePtr shared =
      plan::make_node(plan::Shared{site.input, node.name.text, binder.next_shared_id()}, std::move(schema), serialized);
  auto scope = std::make_shared<Scope>(site.env.scope);
  scope->redeclare(node.name.text, shared);
  site.env.scope = std::move(scope);
  binder.result_name = node.name.text;
  return shared;
}

}  // namespace wardian::kql

#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

/// A plugin is a stage; each is bound by a file of its own.
OperatorResult bind_bag_unpack(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site);
OperatorResult bind_python(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site);

OperatorResult bind_operator(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site) {
  if (node.plugin.function.text == "python") return bind_python(binder, node, site);
  if (node.plugin.function.text == "bag_unpack") return bind_bag_unpack(binder, node, site);
  return not_supported("plugin " + node.plugin.function.text, node.plugin.function.span);
}

}  // namespace wardian::kql

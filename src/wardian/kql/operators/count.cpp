#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

OperatorResult bind_operator(Binder& binder, const syntax::CountOperator& node, const OperatorSite& site) {
  syntax::Call call;
  call.function = {"count", site.keyword, false};
  call.span = site.keyword;
  WARDIAN_ASSIGN(ExprPtr counted, binder.aggregate(call, {}));
  const std::string name = node.as ? node.as->text : "Count";
  columnar::Schema schema{{name, counted->type}};
  return plan::make_node(plan::Aggregate{site.input, {}, {{name, std::move(counted)}}}, std::move(schema));
}

}  // namespace wardian::kql

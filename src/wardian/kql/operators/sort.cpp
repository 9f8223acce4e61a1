#include "wardian/kql/operators/projection.h"
#include "wardian/kql/operators/take.h"

namespace wardian::kql {
namespace {

Result<NodePtr> sorted(Binder& binder, const std::vector<syntax::SortKey>& keys, const OperatorSite& site) {
  const Environment rows = site.rows();
  plan::Sort sort{site.input, {}};
  for (const syntax::SortKey& key : keys) {
    WARDIAN_ASSIGN(ExprPtr expr, binder.scalar(key.key, rows));
    if (std::holds_alternative<plan::Constant>(expr->node)) continue;  // all rows are equal by it
    const bool descending =
        !key.order || *key.order == syntax::SortOrder::descending || *key.order == syntax::SortOrder::granny_descending;
    // Null is the least value unless the query says where it goes.
    sort.keys.push_back({std::move(expr), descending, key.nulls_first.value_or(!descending)});
  }
  if (sort.keys.empty()) {
    plan::Node made = *project(site.input, all_columns(*site.input));
    made.serialized = true;
    return std::make_shared<const plan::Node>(std::move(made));
  }
  std::vector<ExprPtr*> exprs;
  for (plan::SortKey& key : sort.keys) exprs.push_back(&key.expr);
  sort.input = with_windows_computed(std::move(sort.input), exprs);
  const bool widened = sort.input->schema.size() > site.input->schema.size();
  columnar::Schema schema = sort.input->schema;
  NodePtr made = plan::make_node(std::move(sort), std::move(schema), true);
  return widened ? project(std::move(made), all_columns(*site.input)) : made;
}

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::SortOperator& node, const OperatorSite& site) {
  const Environment rows = site.rows();
  bool mistaken = false;
  for (const syntax::SortKey& key : node.keys) {
    WARDIAN_ASSIGN(const ExprPtr expr, binder.scalar_or_missing(key.key, rows));
    if (expr->type == Type::dynamic) {
      return error_at(ErrorCode::type_mismatch, "Rows have no order by a dynamic value", key.key.span,
                      "Convert it: tostring(…), tolong(…)");
    }
    mistaken = mistaken || is_missing(expr->type);
  }
  if (mistaken) return told();
  return sorted(binder, node.keys, site);
}

OperatorResult bind_operator(Binder& binder, const syntax::TopOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(ExprPtr rows, row_count(binder, *node.count, site.env, site.input));
  WARDIAN_ASSIGN(NodePtr input, sorted(binder, node.keys, site));
  return limited(std::move(input), std::move(rows));
}

}  // namespace wardian::kql

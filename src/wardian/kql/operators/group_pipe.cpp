#include "wardian/kql/operators/group_pipe.h"

namespace wardian::kql {

NodePtr stand_in(Binder& binder, const NodePtr& input, std::string name) {
  columnar::Schema schema = input->schema;
  return plan::make_node(plan::Shared{input, std::move(name), binder.next_shared_id()}, std::move(schema), input->serialized);
}

Result<NodePtr> bind_group_pipe(Binder& binder, const syntax::Expr& pipe, NodePtr table, const Environment& env) {
  const auto* inner = std::get_if<syntax::Pipe>(&pipe.node);
  if (inner == nullptr) return table_expected(pipe.span);
  for (const syntax::Operator& operation : inner->operators) {
    if (std::holds_alternative<syntax::ForkOperator>(operation.node) ||
        std::holds_alternative<syntax::FacetOperator>(operation.node)) {
      return error_at(ErrorCode::wrong_context, "Inside another operator there is one result, not several", operation.keyword);
    }
  }
  Environment inside = env;
  inside.piped = std::move(table);
  const std::string outer_name = binder.result_name;
  auto outer_rendering = binder.rendering;
  Result<NodePtr> made = binder.pipe(*inner, inside);
  binder.result_name = outer_name;
  binder.rendering = std::move(outer_rendering);
  return made;
}

Result<NodePtr> done_per_group(const NodePtr& plan, const plan::Groups& groups, std::string_view operator_name,
                               SourceSpan keyword) {
  return plan::per_group(plan, groups, [&](std::string_view what) {
    return not_supported(std::string(what) + " inside " + std::string(operator_name), keyword);
  });
}

}  // namespace wardian::kql

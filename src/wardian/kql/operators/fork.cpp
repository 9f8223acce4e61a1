#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

/// One result a branch, over the same rows. The first is the statement's own, the others follow it.
OperatorResult bind_operator(Binder& binder, const syntax::ForkOperator& node, const OperatorSite& site) {
  columnar::Schema schema = site.input->schema;
  const bool serialized = site.input->serialized;
  Environment env = site.env;
  env.piped = plan::make_node(plan::Shared{site.input, "fork", binder.next_shared_id()}, std::move(schema), serialized);
  NodePtr first;
  for (const syntax::ForkBranch& branch : node.branches) {
    const auto* pipe = std::get_if<syntax::Pipe>(&branch.pipe.node);
    if (pipe == nullptr) return table_expected(branch.pipe.span);
    WARDIAN_ASSIGN(NodePtr table, binder.pipe(*pipe, env));
    const std::string name = branch.name ? branch.name->text : "";
    if (first == nullptr) {
      first = std::move(table);
      binder.result_name = name;
    } else {
      binder.extra_results.push_back({std::move(table), name, std::nullopt});
    }
  }
  return first;
}

}  // namespace wardian::kql

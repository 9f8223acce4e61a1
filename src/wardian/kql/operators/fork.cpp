#include <type_traits>

#include "wardian/kql/operators/operators.h"

namespace wardian::kql {
namespace {

template <class T, class... Those>
constexpr bool is_one_of = (std::is_same_v<T, Those> || ...);

/// Those that the language lets a branch have.
bool is_allowed(const syntax::Operator& operation) {
  using namespace syntax;
  return std::visit(
      []<class Node>(const Node&) {
        return is_one_of<Node, AsOperator, CountOperator, DistinctOperator, ExecuteAndCacheOperator, ExtendOperator,
                         WhereOperator, InvokeOperator, MvExpandOperator, ParseOperator, ParseKvOperator, ProjectOperator,
                         ProjectAwayOperator, ProjectByNamesOperator, ProjectKeepOperator, ProjectRenameOperator,
                         ProjectReorderOperator, ReduceOperator, SampleDistinctOperator, SampleOperator, SortOperator,
                         SummarizeOperator, TakeOperator, TopHittersOperator, TopNestedOperator, TopOperator, Unreadable>;
      },
      operation.node);
}

}  // namespace

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
    for (const syntax::Operator& operation : pipe->operators) {
      if (is_allowed(operation)) continue;
      return error_at(ErrorCode::wrong_context,
                      "fork does not take this operator: " + std::string(syntax::operator_name(operation)), operation.keyword,
                      "Put it before fork, or after it in queries of their own");
    }
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

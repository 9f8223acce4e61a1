#include "wardian/kql/plugins/query_body.h"

#include "wardian/kql/syntax/parser.h"

namespace wardian::kql {
namespace {

OperatorResult bind_tree(Binder& binder, const syntax::QueryTree& tree, std::vector<std::pair<std::string, Meaning>> names) {
  auto given = std::make_shared<Scope>(nullptr);
  for (auto& [name, meaning] : names) given->declare(std::move(name), std::move(meaning));
  Environment env;
  env.scope = std::move(given);
  for (const syntax::Statement& statement : tree.statements) {
    if (const auto* query = std::get_if<syntax::QueryStatement>(&statement.node)) return binder.table(query->expression, env);
    auto inner = std::make_shared<Scope>(env.scope);
    WARDIAN_TRY(binder.declare(statement, *inner, env.scope, env));
    env.scope = std::move(inner);
  }
  return error_at(ErrorCode::wrong_context, "The body of a plugin gives no table", {});
}

}  // namespace

OperatorResult bind_body(Binder& binder, std::string_view body, std::vector<std::pair<std::string, Meaning>> names,
                         SourceSpan span) {
  const auto placed = [&](Error error) {
    error.span = span;
    return error;
  };
  Result<syntax::QueryTree> tree = syntax::parse_query(body);
  if (!tree.ok()) return placed(std::move(tree).error());
  const Binder::Trial of_another_text(binder);
  OperatorResult made = bind_tree(binder, *tree, std::move(names));
  if (!made.ok()) return placed(std::move(made).error());
  return made;
}

NodePtr run_once(Binder& binder, NodePtr table, std::string_view name) {
  columnar::Schema schema = table->schema;
  const bool serialized = table->serialized;
  return plan::make_node(plan::Shared{std::move(table), std::string(name), binder.next_shared_id()}, std::move(schema),
                         serialized);
}

}  // namespace wardian::kql

#include "wardian/kql/operators/united.h"

namespace wardian::kql {
namespace {

constexpr int kExpansionsMax = 10'000;

Result<EntityGroup> group_of(const syntax::Expr& expr, const OperatorSite& site) {
  if (const auto* call = std::get_if<syntax::Call>(&expr.node); call != nullptr && call->function.text == "entity_group") {
    return EntityGroup{call, site.env.scope};
  }
  const auto* name = std::get_if<syntax::Name>(&expr.node);
  if (name == nullptr) return error_at(ErrorCode::wrong_context, "A group of entities is needed here", expr.span);
  const Meaning* meaning = site.env.scope ? site.env.scope->find(name->text) : nullptr;
  const auto* group = meaning != nullptr ? std::get_if<EntityGroup>(meaning) : nullptr;
  if (group != nullptr) return *group;
  return error_at(ErrorCode::unknown_name, "Unknown group of entities: " + name->text, expr.span,
                  "let " + name->text + " = entity_group [database(\"a\"), …];");
}

bool says(const syntax::Parameters& parameters, std::string_view name, std::string_view value) {
  const syntax::Parameter* given = syntax::find_parameter(parameters, name);
  if (given == nullptr) return false;
  if (const auto* word = std::get_if<syntax::Name>(&given->value.node)) return word->text == value;
  const auto* literal = std::get_if<syntax::Literal>(&given->value.node);
  const auto* truth = literal != nullptr ? std::get_if<bool>(&literal->value.held) : nullptr;
  return truth != nullptr && *truth == (value == "true");
}

/// The body is the statements before its query, and the query.
Result<NodePtr> table_of(Binder& binder, const syntax::FunctionBody& body, Environment env) {
  for (const syntax::Statement& statement : body.statements) {
    if (const auto* query = std::get_if<syntax::QueryStatement>(&statement.node)) return binder.table(query->expression, env);
    auto inner = std::make_shared<Scope>(env.scope);
    WARDIAN_TRY(binder.declare(statement, *inner, env.scope, env));
    env.scope = std::move(inner);
  }
  return table_expected(body.span);
}

}  // namespace

/// The body once for each entity of the group, as a union. `isfuzzy`: entities that cannot be had are left out.
OperatorResult bind_operator(Binder& binder, const syntax::MacroExpandOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(const EntityGroup group, group_of(*node.group, site));
  const bool fuzzy = says(node.parameters, "isfuzzy", "true");
  std::vector<UnitedInput> inputs;
  Error first;
  for (const syntax::Expr& member : group.members->arguments) {
    if (++binder.expansions > kExpansionsMax) {
      return error_at(ErrorCode::too_deep,
                      "macro-expand is done more than " + std::to_string(kExpansionsMax) + " times in a query", site.keyword);
    }
    Environment env = site.env.without_rows();
    auto scope = std::make_shared<Scope>(site.env.scope);
    scope->redeclare(node.scope.text, Entity{&member, group.declared_in});
    env.scope = std::move(scope);
    std::optional<Binder::Trial> trial;
    if (fuzzy) trial.emplace(binder);
    Result<NodePtr> table = table_of(binder, *node.body, env);
    if (!table.ok()) {
      if (!fuzzy) return std::move(table).error();
      if (first.message.empty()) first = std::move(table).error();
      continue;
    }
    inputs.push_back({"", std::move(*table)});
  }
  if (inputs.empty()) return first.message.empty() ? table_expected(site.keyword) : first;
  return united(inputs, "", says(node.parameters, "kind", "inner"), site.keyword);
}

}  // namespace wardian::kql

#include "wardian/base/overloaded.h"
#include "wardian/kql/binder.h"
#include "wardian/kql/syntax/parser.h"

namespace wardian::kql {
namespace {

/// The text of a value as `set` and clients give it.
std::string option_text(const Value& value) {
  return std::visit(overloaded{[](std::monostate) { return std::string("null"); },
                               [](bool held) { return std::string(held ? "true" : "false"); },
                               [](std::int64_t held) { return std::to_string(held); },
                               [](double held) { return std::to_string(held); }, [](const std::string& held) { return held; }},
                    value.held);
}

/// A parameter's value as the client sent it: a literal of the language or bare text.
Result<ExprPtr> parameter_value(Binder& binder, const std::string& text, Type type, SourceSpan span) {
  const Environment nothing;
  Result<syntax::Expr> parsed = syntax::parse_scalar_expression(text);
  if (parsed.ok()) {
    Result<ExprPtr> bound = binder.scalar(*parsed, nothing);
    if (bound.ok() && ((*bound)->type == type || type != Type::string)) {
      ExprPtr converted = convert(*bound, type);
      if (converted) return converted;
    }
  }
  return cast(constant_expr(Value{Type::string, text}, span), type);
}

}  // namespace

Status Binder::declare(const syntax::Statement& statement, Scope& scope, const ScopePtr& self, const Environment& env) {
  Environment around = env;
  around.scope = self;
  return std::visit(
      overloaded{
          [&](const syntax::LetStatement& let) -> Status {
            if (const auto* function = std::get_if<syntax::FunctionDeclaration>(&let.value)) {
              UserFunction made;
              made.name = let.name.text;
              made.declaration = function;
              made.declared_in = self;
              scope.redeclare(let.name.text, std::make_shared<const UserFunction>(std::move(made)));
              return {};
            }
            WARDIAN_ASSIGN(Bound bound, any(*std::get<syntax::ExprPtr>(let.value), around));
            if (auto* table = std::get_if<NodePtr>(&bound)) {
              scope.redeclare(let.name.text, std::move(*table));
            } else {
              ExprPtr value = std::get<ExprPtr>(std::move(bound));
              const bool free_of_rows = is_constant(*value);
              scope.redeclare(let.name.text, ScalarVariable{std::move(value), free_of_rows ? nullptr : env.row});
            }
            return {};
          },
          [&](const syntax::SetStatement& set) -> Status {
            std::string text = "true";
            if (set.value != nullptr) {
              if (const auto* literal = std::get_if<syntax::Literal>(&set.value->node)) text = option_text(literal->value);
              if (const auto* word = std::get_if<syntax::Name>(&set.value->node)) text = word->text;
            }
            options_.insert_or_assign(set.name.text, std::move(text));
            return {};
          },
          [&](const syntax::DeclareQueryParameters& declared) -> Status {
            for (const syntax::FunctionParameter& parameter : declared.parameters) {
              const auto* type = std::get_if<columnar::Type>(&parameter.type);
              if (type == nullptr) return not_supported("a table as a query parameter", parameter.name.span);
              const auto sent = context_.parameters.find(parameter.name.text);
              ExprPtr value;
              if (sent != context_.parameters.end()) {
                WARDIAN_ASSIGN(value, parameter_value(*this, sent->second, *type, parameter.name.span));
              } else if (parameter.default_value != nullptr) {
                WARDIAN_ASSIGN(value, scalar_of(*parameter.default_value, *type, around));
              } else {
                return error_at(ErrorCode::bad_argument, "The request gives no value for the parameter " + parameter.name.text,
                                parameter.name.span, "Pass it with the request, or declare a default");
              }
              scope.redeclare(parameter.name.text, ScalarVariable{std::move(value), nullptr});
            }
            return {};
          },
          [&](const syntax::DeclarePattern& pattern) -> Status { return not_supported("declare pattern", pattern.name.span); },
          [&](const syntax::AliasDatabase& alias) -> Status { return not_supported("alias database", alias.name.span); },
          [&](const syntax::RestrictAccess&) -> Status { return not_supported("restrict access", statement.span); },
          [&](const syntax::QueryStatement&) -> Status { return {}; }},
      statement.node);
}

Result<BoundQuery> Binder::query(const syntax::QueryTree& tree) {
  BoundQuery made;
  Environment env;
  env.scope = std::make_shared<const Scope>(nullptr);
  for (const syntax::Statement& statement : tree.statements) {
    const auto* query = std::get_if<syntax::QueryStatement>(&statement.node);
    if (query == nullptr) {
      auto inner = std::make_shared<Scope>(env.scope);
      WARDIAN_TRY(declare(statement, *inner, env.scope, env));
      env.scope = std::move(inner);
      continue;
    }
    rendering.reset();
    result_name.clear();
    extra_results.clear();
    WARDIAN_ASSIGN(NodePtr table, this->table(query->expression, env));
    made.statements.push_back({std::move(table), std::move(result_name), std::move(rendering)});
    for (plan::Statement& extra : extra_results) made.statements.push_back(std::move(extra));
  }
  if (made.statements.empty()) {
    const SourceSpan last = tree.statements.empty() ? SourceSpan{} : tree.statements.back().span;
    return error_at(ErrorCode::wrong_context, "The text declares names and asks for no table", {last.end, last.end},
                    "End with a query, such as the name of a table");
  }
  made.options = std::move(options_);
  return made;
}

Result<BoundQuery> bind_query(const syntax::QueryTree& query, BindContext& context) { return Binder(context).query(query); }

}  // namespace wardian::kql

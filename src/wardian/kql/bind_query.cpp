#include "wardian/base/overloaded.h"
#include "wardian/base/similar_name.h"
#include "wardian/kql/binder.h"
#include "wardian/kql/syntax/parser.h"

namespace wardian::kql {
namespace {

/// What `set` gives a property: a literal, a bare word, or true when it gives nothing.
Value option_value(const syntax::SetStatement& set) {
  if (set.value == nullptr) return {Type::boolean, true};
  if (const auto* literal = std::get_if<syntax::Literal>(&set.value->node)) return literal->value;
  const auto* word = std::get_if<syntax::Name>(&set.value->node);
  return {Type::string, word != nullptr ? word->text : std::string()};
}

/// No more rows of a result than the request wants: one more than are allowed shows that there are too many.
NodePtr within_limits(NodePtr table, const RequestOptions& options) {
  std::optional<std::int64_t> most = options.take_max_records;
  if (const auto allowed = options.truncation_max_records; allowed && *allowed < most.value_or(INT64_MAX)) most = *allowed + 1;
  if (!most) return table;
  columnar::Schema schema = table->schema;
  const bool serialized = table->serialized;
  return plan::make_node(plan::Limit{std::move(table), constant_expr(Value{Type::int64, *most}, {})}, std::move(schema),
                         serialized);
}

/// A parameter's value as the client sent it: a literal of the language or bare text.
Result<ExprPtr> parameter_value(Binder& binder, const std::string& name, const std::string& text, Type type, SourceSpan span) {
  const Environment nothing;
  Result<syntax::Expr> parsed = syntax::parse_scalar_expression(text);
  if (parsed.ok()) {
    Result<ExprPtr> bound = binder.scalar(*parsed, nothing);
    if (bound.ok() && ((*bound)->type == type || type != Type::string)) {
      ExprPtr converted = convert(*bound, type);
      if (converted) return converted;
    }
  }
  if (type == Type::string) return constant_expr(Value{Type::string, text}, span);
  WARDIAN_ASSIGN(Value value, binder.constant(cast(constant_expr(Value{Type::string, text}, span), type), span));
  if (value.is_null()) {
    const std::string type_name(columnar::type_name(type));
    return error_at(ErrorCode::bad_argument, "The value given for the parameter " + name + " is no " + type_name + ": " + text,
                    span, "A null is written " + type_name + "(null)");
  }
  return constant_expr(std::move(value), span);
}

/// An error for a value that no statement has asked for: its name may be misspelt.
Status all_declared(const std::map<std::string, std::string>& given, const std::set<std::string, std::less<>>& declared) {
  for (const auto& [name, value] : given) {
    if (declared.contains(name)) continue;
    const std::vector<std::string_view> names(declared.begin(), declared.end());
    std::string hint = did_you_mean(name, names);
    if (hint.empty()) hint = "Declare it: declare query_parameters(" + name + ":string);";
    return Error{ErrorCode::bad_argument, "The query declares no parameter named " + name, {}, std::move(hint)};
  }
  return {};
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
              if (results_of(*value) != nullptr) {
                return one_result_expected(std::get<plan::Call>(value->node).name, std::get<syntax::ExprPtr>(let.value)->span);
              }
              const bool free_of_rows = is_constant(*value);
              scope.redeclare(let.name.text, ScalarVariable{std::move(value), free_of_rows ? nullptr : env.row});
            }
            return {};
          },
          [&](const syntax::SetStatement& set) -> Status {
            WARDIAN_TRY(set_option(options_, set.name.text, option_value(set), statement.span));
            if (options_.python_debug && !context_.python_debug_allowed)
              return error_at(ErrorCode::access_denied, "This request may not keep Python calls: set query_python_debug",
                              statement.span, "Whoever runs the program says whether, and where, calls are kept");
            if (options_.now_ticks) context_.now_ticks = *options_.now_ticks;
            return {};
          },
          [&](const syntax::DeclareQueryParameters& declared) -> Status {
            for (const syntax::FunctionParameter& parameter : declared.parameters) {
              const auto* type = std::get_if<columnar::Type>(&parameter.type);
              if (type == nullptr) return not_supported("a table as a query parameter", parameter.name.span);
              const auto sent = context_.parameters.find(parameter.name.text);
              ExprPtr value;
              declared_parameters_.insert(parameter.name.text);
              if (sent != context_.parameters.end()) {
                WARDIAN_ASSIGN(value, parameter_value(*this, parameter.name.text, sent->second, *type, parameter.name.span));
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
      const Status declared = declare(statement, *inner, env.scope, env);
      if (!declared.ok() && undetermined_) {
        made.undetermined = std::move(undetermined_);
        break;
      }
      WARDIAN_TRY(declared);
      env.scope = std::move(inner);
      continue;
    }
    rendering.reset();
    result_name.clear();
    extra_results.clear();
    Result<NodePtr> bound = this->table(query->expression, env);
    if (!bound.ok() && undetermined_) {
      made.undetermined = std::move(undetermined_);
      break;
    }
    WARDIAN_ASSIGN(NodePtr table, std::move(bound));
    made.statements.push_back({std::move(table), std::move(result_name), std::move(rendering)});
    for (plan::Statement& extra : extra_results) made.statements.push_back(std::move(extra));
  }
  if (!made.undetermined) WARDIAN_TRY(all_declared(context_.parameters, declared_parameters_));
  if (made.statements.empty() && !made.undetermined) {
    const SourceSpan last = tree.statements.empty() ? SourceSpan{} : tree.statements.back().span;
    return error_at(ErrorCode::wrong_context, "The text declares names and asks for no table", {last.end, last.end},
                    "End with a query, such as the name of a table");
  }
  if (!made.undetermined && options_.python_debug && static_cast<std::uint64_t>(*options_.python_debug) > python_calls_)
    return error_at(ErrorCode::bad_argument,
                    "The query has no Python call of that number: set query_python_debug = " +
                        std::to_string(*options_.python_debug) + ", of " + std::to_string(python_calls_),
                    {}, "Calls are counted from 1, in the order in which the query names them");
  for (plan::Statement& statement : made.statements) statement.table = within_limits(std::move(statement.table), options_);
  made.options = options_;
  return made;
}

Result<BoundQuery> bind_query(const syntax::QueryTree& query, BindContext& context) { return Binder(context).query(query); }

}  // namespace wardian::kql

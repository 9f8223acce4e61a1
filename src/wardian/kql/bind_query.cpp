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
    const Binder::Trial of_another_text(binder);
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
              made.tables = context_.tables;
              scope.redeclare(let.name.text, std::make_shared<const UserFunction>(std::move(made)));
              return {};
            }
            const syntax::Expr& value_of = *std::get<syntax::ExprPtr>(let.value);
            if (const auto* call = std::get_if<syntax::Call>(&value_of.node); call && call->function.text == "entity_group") {
              scope.redeclare(let.name.text, EntityGroup{call, self});
              return {};
            }
            Result<Bound> made = any(value_of, around);
            if (!made.ok()) {
              WARDIAN_TRY(note(std::move(made).error()));
              made = Bound(missing_expr(value_of.span));
            }
            WARDIAN_ASSIGN(Bound bound, std::move(made));
            if (auto* table = std::get_if<NodePtr>(&bound)) {
              scope.redeclare(let.name.text, std::move(*table));
            } else if (auto* graph = std::get_if<GraphPtr>(&bound)) {
              scope.redeclare(let.name.text, std::move(*graph));
            } else {
              ExprPtr value = std::get<ExprPtr>(std::move(bound));
              if (results_of(*value) != nullptr) {
                return one_result_expected(std::get<syntax::ExprPtr>(let.value)->span);
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
              const auto sent = context_.parameters.find(parameter.name.text);
              ExprPtr value;
              declared_parameters_.insert(parameter.name.text);
              if (const auto* schema = std::get_if<syntax::Schema>(&parameter.type);
                  schema && sent != context_.parameters.end()) {
                WARDIAN_ASSIGN(NodePtr table, parameter_table(sent->second, *schema, parameter.name));
                scope.redeclare(parameter.name.text, std::move(table));
                continue;
              }
              if (type != nullptr && sent != context_.parameters.end()) {
                WARDIAN_ASSIGN(value, parameter_value(*this, parameter.name.text, sent->second, *type, parameter.name.span));
              } else if (type != nullptr && parameter.default_value != nullptr) {
                WARDIAN_ASSIGN(value, scalar_of(*parameter.default_value, *type, around));
              } else {
                return error_at(ErrorCode::bad_argument, "The request gives no value for the parameter " + parameter.name.text,
                                parameter.name.span, "Pass it with the request, or declare a default");
              }
              scope.redeclare(parameter.name.text, ScalarVariable{std::move(value), nullptr});
            }
            return {};
          },
          [&](const syntax::DeclarePattern& pattern) -> Status {
            for (const syntax::PatternMatch& match : pattern.matches) {
              for (const syntax::Expr& argument : match.arguments) WARDIAN_TRY(constant_string(argument, around));
              if (match.path != nullptr) WARDIAN_TRY(constant_string(*match.path, around));
            }
            scope.redeclare(pattern.name.text, std::make_shared<const Pattern>(Pattern{&pattern, self}));
            return {};
          },
          [&](const syntax::AliasDatabase& alias) -> Status { return declare_alias(alias, around); },
          [&](const syntax::RestrictAccess&) -> Status { return {}; },  // see query()
          [&](const syntax::QueryStatement&) -> Status { return {}; },
          [&](const syntax::Unreadable&) -> Status {
            scope.declare_unreadable();
            return {};
          }},
      statement.node);
}

Status Binder::declare_alias(const syntax::AliasDatabase& alias, const Environment& env) {
  const auto* call = std::get_if<syntax::Call>(&alias.database->node);
  if (std::holds_alternative<syntax::MemberCall>(alias.database->node)) {
    return not_supported("queries over other clusters", alias.database->span);
  }
  if (call == nullptr || call->function.text != "database") {
    return error_at(ErrorCode::wrong_context, "A database is needed here", alias.database->span,
                    "alias database a = database(\"name\")");
  }
  std::string named = context_.database;
  if (!call->arguments.empty()) {
    WARDIAN_ASSIGN(named, constant_string(call->arguments.front(), env));
  }
  database_aliases_.insert_or_assign(alias.name.text, database_meant(std::move(named)));
  return {};
}

/// A table as the client sent it: a tabular expression of the language.
Result<NodePtr> Binder::parameter_table(const std::string& text, const syntax::Schema& schema, const syntax::Identifier& name) {
  Result<syntax::QueryTree> parsed = syntax::parse_query(text);
  const auto refused = [&](const std::string& why) {
    return error_at(ErrorCode::bad_argument, "The value given for the parameter " + name.text + " is no table: " + why, name.span,
                    "Send a tabular expression: datatable(a:long)[1, 2]");
  };
  if (!parsed.ok()) return refused(parsed.error().message);
  if (parsed->statements.size() != 1) return refused("it is more than one statement");
  parameter_trees_.push_back(std::make_shared<const syntax::QueryTree>(std::move(*parsed)));
  const auto* query = std::get_if<syntax::QueryStatement>(&parameter_trees_.back()->statements.front().node);
  if (query == nullptr) return refused("it is no query");
  const Trial of_another_text(*this);
  Result<NodePtr> table = this->table(query->expression, Environment{});
  if (!table.ok()) return refused(table.error().message);
  WARDIAN_TRY(fits_parameter(**table, schema, name.span));
  return table;
}

Result<BoundQuery> Binder::query(const syntax::QueryTree& tree) {
  BoundQuery made;
  std::set<std::string_view> lets;
  Environment env;
  env.scope = std::make_shared<const Scope>(nullptr);
  for (const syntax::Statement& statement : tree.statements) {
    const auto* let = std::get_if<syntax::LetStatement>(&statement.node);
    if (let != nullptr && !lets.insert(let->name.text).second) WARDIAN_TRY(note(declared_already(let->name)));
    const auto* query = std::get_if<syntax::QueryStatement>(&statement.node);
    if (query == nullptr) {
      auto inner = std::make_shared<Scope>(env.scope);
      Status declared = declare(statement, *inner, env.scope, env);
      if (!declared.ok() && undetermined_) {
        made.undetermined = std::move(undetermined_);
        break;
      }
      if (!declared.ok()) {
        WARDIAN_TRY(note(std::move(declared).error()));
        inner->declare_unreadable();
      }
      env.scope = std::move(inner);
      if (const auto* restriction = std::get_if<syntax::RestrictAccess>(&statement.node)) {
        Result<ScopePtr> left = restricted(*restriction, env);
        if (!left.ok()) {
          WARDIAN_TRY(note(std::move(left).error()));
          continue;
        }
        env.scope = std::move(*left);
      }
      continue;
    }
    rendering.reset();
    result_name.clear();
    extra_results.clear();
    named_tables.clear();
    Result<NodePtr> bound = this->table(query->expression, env);
    if (!bound.ok() && undetermined_) {
      made.undetermined = std::move(undetermined_);
      break;
    }
    if (!bound.ok()) {
      WARDIAN_TRY(note(std::move(bound).error()));
      continue;
    }
    WARDIAN_ASSIGN(NodePtr table, std::move(bound));
    if (table->schema.empty()) {
      return error_at(ErrorCode::bad_argument, "The result has no columns", query->expression.span,
                      "Its rows can be counted: | count");
    }
    const auto* shared = std::get_if<plan::Shared>(&table->node);
    const bool of_graph = named_tables.size() > 1;
    // What `as` has named at the end, the statements after it know as well.
    if (named_tables.empty() && shared != nullptr && shared->name == result_name) named_tables.emplace_back(result_name, table);
    if (!named_tables.empty()) {
      auto inner = std::make_shared<Scope>(env.scope);
      for (const auto& [name, named] : named_tables) inner->redeclare(name, named);
      env.scope = std::move(inner);
      // Both tables of a graph, given names, are for the statements that follow, where there are some.
      if (of_graph && &statement != &tree.statements.back()) continue;
    }
    made.statements.push_back({std::move(table), std::move(result_name), std::move(rendering)});
    for (plan::Statement& extra : extra_results) made.statements.push_back(std::move(extra));
  }
  if (!mistakes_.empty()) return std::move(mistakes_).joined();
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

Result<BoundQuery> Binder::whole(const syntax::QueryTree& tree) {
  Result<BoundQuery> made = query(tree);
  if (made.ok() || (mistakes_.empty() && !is_told(made.error()))) return made;
  // Binding has ended before the end of the text: there are mistakes enough, or this is one that ends it.
  Error last = std::move(made).error();
  if (last.code >= ErrorCode::execution && !is_told(last)) return last;
  if (is_told(last) && mistakes_.empty()) last.message = "A mistake that is not told";
  if (!is_told(last)) mistakes_.add(std::move(last));
  return std::move(mistakes_).joined();
}

Result<BoundQuery> bind_query(const syntax::QueryTree& query, BindContext& context) { return Binder(context).whole(query); }

Result<BoundQuery> bind_query(const syntax::ReadQuery& query, BindContext& context) {
  return Binder(context, query.errors).whole(query.tree);
}

}  // namespace wardian::kql

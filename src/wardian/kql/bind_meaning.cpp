#include "wardian/kql/binder.h"

namespace wardian::kql {
namespace {

/// The same value, standing where its name was written, so that errors point there.
ExprPtr placed(const ExprPtr& expr, SourceSpan span) {
  plan::Expr copy = *expr;
  copy.span = span;
  return std::make_shared<const plan::Expr>(std::move(copy));
}

/// Stored tables and functions of which only those that a `restrict access` names are there.
class RestrictedTables final : public Tables {
 public:
  struct Allowed {
    std::string database;  // empty: the request's own
    std::string pattern;
  };
  RestrictedTables(Tables* all, std::vector<Allowed> allowed) : all_(all), allowed_(std::move(allowed)) {}

  std::string default_database() const override { return all_->default_database(); }
  Result<std::optional<NodePtr>> find(std::string_view database, std::string_view name) override {
    if (!is_allowed(database, name)) return std::optional<NodePtr>();
    return all_->find(database, name);
  }
  Result<std::optional<StoredFunction>> function(std::string_view database, std::string_view name) override {
    if (!is_allowed(database, name)) return std::optional<StoredFunction>();
    return all_->function(database, name);
  }
  std::vector<std::string> table_names(std::string_view database) override {
    return only_allowed(database, all_->table_names(database));
  }
  std::vector<std::string> function_names(std::string_view database) override {
    return only_allowed(database, all_->function_names(database));
  }

 private:
  bool is_allowed(std::string_view database, std::string_view name) const {
    const std::string own = default_database();
    const auto same = [&](std::string_view a, std::string_view b) {
      return (a.empty() ? std::string_view(own) : a) == (b.empty() ? std::string_view(own) : b);
    };
    return std::ranges::any_of(
        allowed_, [&](const Allowed& each) { return same(database, each.database) && name_matches(name, each.pattern); });
  }
  std::vector<std::string> only_allowed(std::string_view database, std::vector<std::string> names) const {
    std::erase_if(names, [&](const std::string& name) { return !is_allowed(database, name); });
    return names;
  }

  Tables* all_;
  std::vector<Allowed> allowed_;
};

/// The name of the database that `database("…")` means.
Result<std::string> database_named(Binder& binder, const syntax::Expr& expr, const Environment& env) {
  const auto* call = std::get_if<syntax::Call>(&expr.node);
  if (call == nullptr || call->function.text != "database") return not_supported("queries over other clusters", expr.span);
  if (call->arguments.empty()) return binder.context().database;
  WARDIAN_ASSIGN(std::string name, binder.constant_string(call->arguments.front(), env));
  return binder.database_meant(std::move(name));
}

}  // namespace

Result<Bound> Binder::meant(const Meaning& meaning, SourceSpan span, const Environment& env) {
  if (const auto* variable = std::get_if<ScalarVariable>(&meaning)) return Bound(placed(variable->expr, span));
  if (const auto* table = std::get_if<NodePtr>(&meaning)) return Bound(*table);
  if (const auto* graph = std::get_if<GraphPtr>(&meaning)) return Bound(*graph);
  if (const auto* function = std::get_if<UserFunctionPtr>(&meaning)) return invoke(*function, {}, std::nullopt, span, env);
  if (const auto* entity = std::get_if<Entity>(&meaning)) {
    Environment there = env.without_rows();
    there.scope = entity->declared_in;
    WARDIAN_ASSIGN(NodePtr made, table(*entity->expression, there));
    return Bound(std::move(made));
  }
  if (std::holds_alternative<PatternPtr>(meaning)) {
    return error_at(ErrorCode::wrong_context, "A pattern is called with its arguments", span, "As in app(\"a\").b");
  }
  return error_at(ErrorCode::wrong_context, "A group of entities is no table", span,
                  "macro-expand takes it: macro-expand G as X (…)");
}

const PatternPtr* Binder::pattern_called(const syntax::Expr& expr, const Environment& env) {
  const auto* call = std::get_if<syntax::Call>(&expr.node);
  const Meaning* meaning = call != nullptr && env.scope ? env.scope->find(call->function.text) : nullptr;
  return meaning != nullptr ? std::get_if<PatternPtr>(meaning) : nullptr;
}

Result<Bound> Binder::match(const Pattern& pattern, const syntax::Call& call, std::optional<std::string> path,
                            const Environment& env) {
  const syntax::DeclarePattern& declared = *pattern.declaration;
  if (!declared.matches.empty() && call.arguments.size() != declared.parameters.size()) {
    return wrong_count(declared.name.text, std::to_string(declared.parameters.size()) + " arguments", call.arguments.size(),
                       call.function.span);
  }
  std::vector<std::string> given;
  for (const syntax::Expr& argument : call.arguments) {
    WARDIAN_ASSIGN(std::string text, constant_string(argument, env));
    given.push_back(std::move(text));
  }
  const Environment nothing;
  for (const syntax::PatternMatch& each : declared.matches) {
    bool fits = each.arguments.size() == given.size() && (each.path != nullptr) == path.has_value();
    for (std::size_t at = 0; fits && at < given.size(); ++at) {
      WARDIAN_ASSIGN(const std::string wanted, constant_string(each.arguments[at], nothing));
      fits = wanted == given[at];
    }
    if (fits && path) {
      WARDIAN_ASSIGN(const std::string wanted, constant_string(*each.path, nothing));
      fits = wanted == *path;
    }
    if (!fits) continue;
    auto scope = std::make_shared<Scope>(pattern.declared_in);
    const auto set = [&](const syntax::FunctionParameter& parameter, std::string value) {
      ExprPtr constant = constant_expr(Value{Type::string, std::move(value)}, call.function.span);
      scope->redeclare(parameter.name.text, ScalarVariable{std::move(constant), nullptr});
    };
    for (std::size_t at = 0; at < given.size(); ++at) set(declared.parameters[at], given[at]);
    if (path && declared.path) set(*declared.path, *path);
    Environment inside;
    inside.scope = scope;
    return body(each.body, inside);
  }
  std::string shown = declared.name.text + "(";
  for (const std::string& each : given) shown += (shown.ends_with('(') ? "\"" : ", \"") + each + "\"";
  shown += ")";
  if (path) shown += ".[\"" + *path + "\"]";
  return error_at(ErrorCode::bad_argument, "The pattern has no match for these arguments: " + shown, call.function.span,
                  declared.matches.empty() ? "It is declared without a definition" : "");
}

Result<Bound> Binder::body(const syntax::FunctionBody& body, Environment env) {
  if (trials_ == 0 && mistaken_bodies_.contains(&body)) return told();
  for (const syntax::Statement& statement : body.statements) {
    auto inner = std::make_shared<Scope>(env.scope);
    if (Status declared = declare(statement, *inner, env.scope, env); !declared.ok()) {
      WARDIAN_TRY(note(std::move(declared).error()));
      inner->declare_unreadable();
    }
    env.scope = std::move(inner);
  }
  if (body.result == nullptr) return error_at(ErrorCode::wrong_context, "The body gives nothing", body.span);
  Result<Bound> made = any(*body.result, env);
  // Functions may call one another twice each: looked at anew at each call, a mistake in the innermost takes for ever.
  if (!made.ok() && trials_ == 0 && !undetermined_) {
    WARDIAN_TRY(note(std::move(made).error()));
    mistaken_bodies_.insert(&body);
    return told();
  }
  return made;
}

Result<ScopePtr> Binder::restricted(const syntax::RestrictAccess& restriction, const Environment& env) {
  std::vector<RestrictedTables::Allowed> allowed;
  for (const syntax::Expr& each : restriction.entities) {
    if (const auto* name = std::get_if<syntax::Name>(&each.node)) {
      allowed.push_back({"", name->text});
    } else if (const auto* pattern = std::get_if<syntax::WildcardName>(&each.node)) {
      allowed.push_back({"", pattern->pattern});
    } else if (std::holds_alternative<syntax::Star>(each.node)) {
      allowed.push_back({"", "*"});
    } else if (const auto* member = std::get_if<syntax::Member>(&each.node)) {
      WARDIAN_ASSIGN(std::string database, database_named(*this, *member->source, env));
      allowed.push_back({std::move(database), member->member.text});
    } else {
      return error_at(ErrorCode::wrong_context, "The name of a table or view is needed here", each.span);
    }
  }
  auto scope = std::make_shared<Scope>(nullptr);
  env.scope->for_each([&](std::string_view name, const Meaning& meaning) {
    const bool named = std::ranges::any_of(allowed, [&](const RestrictedTables::Allowed& each) {
      return each.database.empty() && name_matches(name, each.pattern);
    });
    if (named || std::holds_alternative<ScalarVariable>(meaning)) scope->redeclare(std::string(name), meaning);
  });
  if (context_.tables != nullptr) {
    restrictions_.push_back(std::make_unique<RestrictedTables>(context_.tables, std::move(allowed)));
    context_.tables = restrictions_.back().get();
  }
  return ScopePtr(std::move(scope));
}

std::string Binder::database_meant(std::string name) const {
  const auto at = database_aliases_.find(name);
  return at == database_aliases_.end() ? std::move(name) : at->second;
}

}  // namespace wardian::kql

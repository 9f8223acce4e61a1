#include "wardian/base/similar_name.h"
#include "wardian/kql/bind_functions.h"
#include "wardian/kql/foreign_functions.h"
#include "wardian/kql/function_table.h"
#include "wardian/kql/graph/bind_pattern_name.h"
#include "wardian/kql/overload_index.h"
#include "wardian/kql/syntax/parser.h"

namespace wardian::kql {
namespace {

const OverloadIndex<KqlFunction>& functions() {
  static const OverloadIndex<KqlFunction> index = [] {
    OverloadIndex<KqlFunction> made;
    for (const auto family : function_families()) {
      for (const KqlFunction& row : family) made.add(row.name, row);
    }
    return made;
  }();
  return index;
}

const OverloadIndex<KqlAggregate>& aggregates() {
  static const OverloadIndex<KqlAggregate> index = [] {
    OverloadIndex<KqlAggregate> made;
    for (const auto family : aggregate_families()) {
      for (const KqlAggregate& row : family) made.add(row.name, row);
    }
    return made;
  }();
  return index;
}

const OverloadIndex<KqlWindowFunction>& windows() {
  static const OverloadIndex<KqlWindowFunction> index = [] {
    OverloadIndex<KqlWindowFunction> made;
    for (const KqlWindowFunction& row : window_functions()) made.add(row.name, row);
    return made;
  }();
  return index;
}

Error unknown_function(Binder& binder, const syntax::Identifier& name, const Environment& env) {
  const Meaning* known = env.scope ? env.scope->find(name.text) : nullptr;
  const auto* variable = known != nullptr ? std::get_if<ScalarVariable>(known) : nullptr;
  if ((variable != nullptr && is_missing(variable->expr->type)) || (env.scope && env.scope->is_unreadable())) return told();
  std::vector<std::string_view> candidates;
  functions().names(candidates);
  aggregates().names(candidates);
  windows().names(candidates);
  for (const auto family : binder_function_families()) {
    for (const BinderFunction& row : family) candidates.push_back(row.name);
  }
  std::vector<std::string> own;
  if (env.scope) {
    env.scope->for_each([&](std::string_view visible, const Meaning& meaning) {
      if (std::holds_alternative<UserFunctionPtr>(meaning)) own.emplace_back(visible);
    });
  }
  if (binder.context().tables != nullptr) {
    for (std::string& stored : binder.context().tables->function_names({})) own.push_back(std::move(stored));
  }
  candidates.insert(candidates.end(), own.begin(), own.end());
  std::string hint(foreign_function_hint(name.text));
  if (hint.empty()) hint = did_you_mean(name.text, candidates);
  return error_at(ErrorCode::unknown_function, "Unknown function: " + name.text, name.span, std::move(hint));
}

/// The type that extract(…, typeof(long)) and its like ask for, in place of string.
std::optional<Type> type_asked_for(const syntax::Call& call) {
  const std::string_view name = call.function.text;
  static constexpr std::string_view kFunctions[] = {"extract", "extract_json", "extractjson", "percentile_tdigest"};
  if (std::ranges::find(kFunctions, name) == std::end(kFunctions)) return std::nullopt;
  const auto* wanted = call.arguments.empty() ? nullptr : std::get_if<syntax::TypeOf>(&call.arguments.back().node);
  if (wanted == nullptr || wanted->schema.columns.size() != 1 || wanted->schema.columns[0].star) return std::nullopt;
  return wanted->schema.columns[0].type;
}

/// Arguments in order; `*` stands for every column, where the function takes it.
Result<std::vector<ExprPtr>> arguments_of(Binder& binder, std::string_view function, std::span<const syntax::Expr> arguments,
                                          const Environment& env) {
  std::vector<ExprPtr> made;
  bool mistaken = false;
  for (const syntax::Expr& argument : arguments) {
    if (std::holds_alternative<syntax::Star>(argument.node)) {
      const bool taken = (function == "pack_array" || function == "estimate_data_size") && arguments.size() == 1;
      if (!taken || env.columns == nullptr) {
        Error refused = star_refused(argument.span);
        if (function == "count") refused.hint = "count() counts rows";
        return refused;
      }
      for (std::size_t at = 0; at < env.columns->size(); ++at) {
        made.push_back(
            plan::make_expr(plan::ColumnRef{0, static_cast<std::uint32_t>(at)}, (*env.columns)[at].type, argument.span));
      }
      continue;
    }
    const auto* named = std::get_if<syntax::Named>(&argument.node);
    WARDIAN_ASSIGN(ExprPtr bound, binder.scalar_or_missing(named != nullptr ? *named->value : argument, env));
    mistaken = mistaken || is_missing(bound->type);
    made.push_back(std::move(bound));
  }
  if (mistaken) return told();
  return made;
}

/// pack_array(*) where there are no columns, as in print: what they are of none.
std::optional<Value> of_no_columns(const syntax::Call& call, const Environment& env) {
  const bool star = call.arguments.size() == 1 && std::holds_alternative<syntax::Star>(call.arguments[0].node);
  if (!star || env.columns != nullptr || env.aggregates != nullptr) return std::nullopt;
  if (call.function.text == "pack_array") return Value{Type::dynamic, std::string("[]")};
  if (call.function.text == "estimate_data_size") return Value{Type::int64, std::int64_t{0}};
  return std::nullopt;
}

/// The mistakes within the arguments of a call that has one itself.
Error arguments_alone(Binder& binder, const syntax::Call& call, const Environment& env) {
  for (const syntax::Expr& argument : call.arguments) {
    if (std::holds_alternative<syntax::Star>(argument.node)) continue;
    const auto* named = std::get_if<syntax::Named>(&argument.node);
    const syntax::Expr& value = named != nullptr ? *named->value : argument;
    const Result<Bound> bound = binder.any(value, env.aggregates != nullptr ? *env.aggregates->rows : env);
    if (bound.ok()) continue;
    if (Status noted = binder.note(bound.error()); !noted.ok()) return std::move(noted).error();
  }
  return told();
}

}  // namespace

bool Binder::is_aggregate(std::string_view name) { return aggregates().find(name) != nullptr; }

std::string Binder::aggregate_column_name(std::string_view name) {
  const Overloads<KqlAggregate>* overloads = aggregates().find(name);
  return overloads == nullptr ? std::string() : std::string(overloads->rows.front()->column_name);
}

bool Binder::is_built_in(std::string_view name) {
  return functions().find(name) != nullptr || windows().find(name) != nullptr || is_aggregate(name) ||
         find_binder_function(name) != nullptr;
}

Result<ExprPtr> Binder::built_in(std::string_view name, std::vector<ExprPtr> arguments, SourceSpan name_span, bool serialized) {
  const SourceSpan span = arguments.empty() ? name_span : cover(name_span, arguments.back()->span);
  if (const auto* overloads = functions().find(name)) {
    WARDIAN_ASSIGN(ChosenRow chosen, choose_row(*this, name, name_span, overloads->signatures, std::move(arguments)));
    const KqlFunction& row = *overloads->rows[chosen.row];
    const auto& columns = overloads->signatures[chosen.row]->columns;
    auto results = columns.empty() ? nullptr : std::make_shared<const columnar::Schema>(columns);
    return plan::make_expr(plan::Call{row.name, row.lowering, std::move(chosen.arguments), std::move(results)}, chosen.result,
                           span);
  }
  if (const auto* overloads = windows().find(name)) {
    WARDIAN_ASSIGN(ChosenRow chosen,
                   choose_row(*this, name, name_span, overloads->signatures, std::move(arguments), DynamicAs::itself));
    if (!serialized) {
      return error_at(ErrorCode::wrong_context, std::string(name) + "() needs rows in an order", name_span,
                      "Put `| serialize` or `| sort by …` before it");
    }
    const KqlWindowFunction& row = *overloads->rows[chosen.row];
    return plan::make_expr(plan::WindowCall{row.name, row.lowering, std::move(chosen.arguments), std::string(row.frame)},
                           chosen.result, span);
  }
  return error_at(ErrorCode::unknown_function, "Unknown function: " + std::string(name), name_span);
}

Result<ExprPtr> Binder::aggregate(const syntax::Call& call, std::vector<ExprPtr> arguments) {
  const Overloads<KqlAggregate>* overloads = aggregates().find(call.function.text);
  if (overloads == nullptr) return not_supported("aggregate " + call.function.text, call.function.span);
  WARDIAN_ASSIGN(ChosenRow chosen, choose_row(*this, call.function.text, call.function.span, overloads->signatures,
                                              std::move(arguments), DynamicAs::itself));
  const KqlAggregate& row = *overloads->rows[chosen.row];
  return plan::make_expr(plan::Call{row.name, row.lowering, std::move(chosen.arguments)}, chosen.result,
                         cover(call.function.span, call.span));
}

Result<Bound> Binder::call(const syntax::Call& call, SourceSpan span, const Environment& env) {
  const std::string& name = call.function.text;
  // One argument too many for it, or `cast(x as string)`: what is not written as here need not be a call of here.
  const auto unread = [](const syntax::Expr& argument) { return std::holds_alternative<syntax::Unreadable>(argument.node); };
  if (std::ranges::any_of(call.arguments, unread)) return arguments_alone(*this, call, env);
  if (env.scope) {
    if (const Meaning* meaning = env.scope->find(name)) {
      if (const auto* function = std::get_if<UserFunctionPtr>(meaning)) {
        return invoke(*function, call.arguments, std::nullopt, call.function.span, env);
      }
      if (const auto* pattern = std::get_if<PatternPtr>(meaning)) return match(**pattern, call, std::nullopt, env);
    }
  }
  Result<std::optional<Bound>> of_pattern = pattern_call(*this, call, span, env);
  if (!of_pattern.ok()) return std::move(of_pattern).error();
  if (of_pattern->has_value()) return std::move(**of_pattern);
  if (env.aggregates != nullptr && is_aggregate(name)) {
    AggregateSink& sink = *env.aggregates;
    WARDIAN_ASSIGN(std::vector<ExprPtr> arguments, arguments_of(*this, name, call.arguments, *sink.rows));
    WARDIAN_ASSIGN(ExprPtr made, aggregate(call, std::move(arguments)));
    const Type type = made->type;
    const auto index = static_cast<std::uint32_t>(sink.keys + sink.aggregates.size());
    sink.aggregates.push_back({"aggregate_" + std::to_string(sink.aggregates.size()), std::move(made)});
    return Bound(plan::make_expr(plan::ColumnRef{0, index}, type, span));
  }
  if (env.aggregates != nullptr && windows().find(name) != nullptr) {
    WARDIAN_TRY(arguments_of(*this, name, call.arguments, env));
    return error_at(ErrorCode::wrong_context, name + "() sees rows, and here are groups", call.function.span,
                    "Compute it before: serialize x = " + name + "(…)");
  }
  if (const BinderFunction* function = find_binder_function(name)) return function->bind(*this, call, span, env);
  if (functions().find(name) != nullptr || windows().find(name) != nullptr) {
    if (auto value = of_no_columns(call, env)) return Bound(constant_expr(std::move(*value), span));
    const std::size_t with_type = name == "extract" ? 4 : name == "extract_json" || name == "extractjson" ? 3 : SIZE_MAX;
    const bool as_string = with_type != SIZE_MAX && call.arguments.size() < with_type;
    const std::optional<Type> asked = as_string ? std::nullopt : type_asked_for(call);
    if (!asked && call.arguments.size() == with_type) {
      return error_at(ErrorCode::type_mismatch, name + "(): a type is needed here, not a value", call.arguments.back().span,
                      "typeof(long)");
    }
    if (with_type != SIZE_MAX && call.arguments.size() > with_type) {
      return wrong_count(name, std::to_string(with_type - 1) + " to " + std::to_string(with_type) + " arguments",
                         call.arguments.size(), call.function.span);
    }
    const std::span<const syntax::Expr> given = std::span(call.arguments).first(call.arguments.size() - (asked ? 1 : 0));
    WARDIAN_ASSIGN(std::vector<ExprPtr> arguments, arguments_of(*this, name, given, env));
    const bool neighbour = name == "prev" || name == "next";
    if (neighbour && !call.arguments.empty() && !std::holds_alternative<syntax::Name>(call.arguments.front().node)) {
      return error_at(ErrorCode::wrong_context, "The name of a column is needed here", call.arguments.front().span,
                      "Compute it before: extend x = …");
    }
    WARDIAN_ASSIGN(ExprPtr made, built_in(name, std::move(arguments), call.function.span, env.serialized));
    return Bound(asked ? cast(std::move(made), *asked) : with_named_results(std::move(made), call));
  }
  if (is_aggregate(name)) {
    return error_at(ErrorCode::wrong_context, name + "() is an aggregate", call.function.span, "Aggregates stand in `summarize`");
  }
  if (context_.tables != nullptr) {
    WARDIAN_ASSIGN(auto stored, context_.tables->function({}, name));
    if (stored) {
      WARDIAN_ASSIGN(const UserFunctionPtr function, stored_function(name, *stored, call.function.span));
      return invoke(function, call.arguments, std::nullopt, call.function.span, env);
    }
  }
  WARDIAN_TRY(note(unknown_function(*this, call.function, env)));
  return arguments_alone(*this, call, env);
}

Result<UserFunctionPtr> Binder::stored_function(const std::string& name, const StoredFunction& stored, SourceSpan span) {
  Result<syntax::FunctionDeclaration> parsed = syntax::parse_stored_function(stored.parameters, stored.body);
  if (!parsed.ok()) {
    return error_at(parsed.error().code, "In the stored function " + name + ": " + parsed.error().message, span,
                    parsed.error().hint);
  }
  UserFunction made;
  made.name = name;
  made.owned = std::make_shared<const syntax::FunctionDeclaration>(std::move(*parsed));
  made.declaration = made.owned.get();
  made.declared_in = std::make_shared<const Scope>(nullptr);
  made.tables = all_tables_;
  return std::make_shared<const UserFunction>(std::move(made));
}

}  // namespace wardian::kql

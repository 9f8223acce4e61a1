#include "wardian/base/overloaded.h"
#include "wardian/kql/bind_dynamic.h"
#include "wardian/kql/binder.h"
#include "wardian/kql/dynamic_shape.h"
#include "wardian/kql/graph/bind_pattern_name.h"

namespace wardian::kql {
namespace {

ExprPtr column_ref(std::uint32_t input, std::size_t index, const columnar::Schema& schema, SourceSpan span) {
  return plan::make_expr(plan::ColumnRef{input, static_cast<std::uint32_t>(index)}, schema[index].type, span);
}

/// The tabular parameter of the function at hand that the column comes from unchanged, if it has not declared it.
const Scope::TabularParameter* undeclared_in(const Environment& env, std::size_t column) {
  if (env.table == nullptr || !env.scope || !env.scope->has_parameters()) return nullptr;
  const plan::Node* table = env.table;
  while (table != nullptr) {
    if (const Scope::TabularParameter* parameter = env.scope->parameter(table)) {
      const bool declared = parameter->columns && parameter->columns->contains(table->schema[column].name);
      return declared ? nullptr : parameter;
    }
    const auto same_place = [](const auto& node) { return node.input.get(); };
    table = std::visit(overloaded{[&](const plan::Filter& node) { return same_place(node); },
                                  [&](const plan::Sort& node) { return same_place(node); },
                                  [&](const plan::Limit& node) { return same_place(node); },
                                  [&](const plan::Distinct& node) { return same_place(node); },
                                  [&](const plan::Shared& node) { return same_place(node); },
                                  [&](const plan::Project& node) -> const plan::Node* {
                                    const auto* ref = std::get_if<plan::ColumnRef>(&node.columns[column].expr->node);
                                    if (ref == nullptr || node.input->schema[ref->index].name != table->schema[column].name)
                                      return nullptr;
                                    column = ref->index;
                                    return node.input.get();
                                  },
                                  [](const auto&) -> const plan::Node* { return nullptr; }},
                       table->node);
  }
  return nullptr;
}

/// The expression over the rows around, as a subquery of such a row sees it; null where that cannot be.
ExprPtr seen_from_within(const ExprPtr& expr) {
  if (std::holds_alternative<plan::Constant>(expr->node)) return expr;
  if (const auto* ref = std::get_if<plan::ColumnRef>(&expr->node)) {
    return ref->input != 0 ? nullptr : plan::make_expr(plan::ColumnRef{plan::kAround, ref->index}, expr->type, expr->span);
  }
  const auto* call = std::get_if<plan::Call>(&expr->node);
  if (call == nullptr) return nullptr;
  plan::Call made = *call;
  for (ExprPtr& argument : made.arguments) {
    argument = seen_from_within(argument);
    if (argument == nullptr) return nullptr;
  }
  return plan::make_expr(std::move(made), expr->type, expr->span);
}

Result<Bound> name(Binder& binder, const syntax::Name& named, SourceSpan span, const Environment& env) {
  if (env.columns != nullptr) {
    if (const auto at = columnar::find_column(*env.columns, named.text)) {
      const Scope::TabularParameter* hiding = undeclared_in(env, *at);
      // A column that the parameter does not declare gives way to a variable, and under a list of columns is none at all.
      const bool variable = hiding != nullptr && env.scope->find(named.text) != nullptr;
      if (hiding == nullptr || (!variable && !hiding->columns)) return Bound(column_ref(0, *at, *env.columns, span));
      if (!variable) {
        return error_at(ErrorCode::unknown_name, "The function's parameter declares no column " + named.text, span,
                        "Add it to the parameter: T:(…, " + named.text + ":" +
                            std::string(columnar::type_name((*env.columns)[*at].type)) + ")");
      }
    }
  }
  WARDIAN_ASSIGN(auto element, pattern_name(binder, named.text, span, env));
  if (element) return std::move(*element);
  if (const Meaning* meaning = env.scope ? env.scope->find(named.text) : nullptr) {
    const auto* variable = std::get_if<ScalarVariable>(meaning);
    if (variable != nullptr && variable->row != nullptr && variable->row != env.row) {
      if (variable->row == env.around) {
        if (ExprPtr seen = seen_from_within(variable->expr)) {
          *env.reads_around = true;
          return Bound(std::move(seen));
        }
      }
      return error_at(ErrorCode::wrong_context, "This value depends on the rows of another table: " + named.text, span);
    }
    return binder.meant(*meaning, span, env);
  }
  if (Tables* tables = binder.context().tables) {
    WARDIAN_ASSIGN(auto stored, tables->find({}, named.text));
    if (stored) return Bound(std::move(*stored));
    WARDIAN_ASSIGN(auto function, tables->function({}, named.text));
    if (function) {
      WARDIAN_ASSIGN(const UserFunctionPtr made, binder.stored_function(named.text, *function, span));
      return binder.invoke(made, {}, std::nullopt, span, env);
    }
  }
  if (Binder::is_built_in(named.text)) {
    return error_at(ErrorCode::unknown_name, "Unknown column or variable: " + named.text, span,
                    "The function is called with brackets: " + named.text + "(…)");
  }
  if (env.aggregates != nullptr && columnar::find_column(*env.aggregates->rows->columns, named.text)) {
    return error_at(ErrorCode::wrong_context, "A column has many values in a group: " + named.text, span,
                    "Aggregate it, as in max(" + named.text + "), or group by it");
  }
  return unknown_name(named.text, span, env);
}

Result<Bound> unary(Binder& binder, const syntax::Unary& node, SourceSpan span, const Environment& env) {
  WARDIAN_ASSIGN(ExprPtr operand, binder.scalar(*node.operand, env));
  const std::string_view op = node.op == syntax::UnaryOp::minus ? "unary -" : "unary +";
  const SourceSpan sign{span.begin, span.begin + 1};
  WARDIAN_ASSIGN(ExprPtr made, binder.binary(op, std::move(operand), nullptr, sign, span));
  return Bound(std::move(made));
}

Result<ExprPtr> joined(Binder& binder, std::string_view op, std::span<const ExprPtr> parts, SourceSpan span);

/// `* has "x"`: whether the comparison holds for any column. Operators of text see every column as text; the others
/// those of the operand's own type.
Result<ExprPtr> any_column(Binder& binder, const syntax::Binary& node, SourceSpan span, const Environment& env) {
  WARDIAN_ASSIGN(const ExprPtr right, binder.scalar(*node.right, env));
  const bool on_text = node.op >= syntax::BinaryOp::equal_ignoring_case;
  std::vector<ExprPtr> parts;
  for (std::size_t at = 0; at < env.columns->size(); ++at) {
    ExprPtr column = column_ref(0, at, *env.columns, node.left->span);
    if (on_text) column = cast(std::move(column), Type::string);
    if (column->type != right->type) continue;
    WARDIAN_ASSIGN(ExprPtr part, binder.binary(syntax::spelling(node.op), std::move(column), right, node.op_span, span));
    parts.push_back(std::move(part));
  }
  if (parts.empty()) return constant_expr(Value{Type::boolean, false}, span);
  return joined(binder, "or", parts, span);
}

Result<Bound> binary_operation(Binder& binder, const syntax::Binary& node, SourceSpan span, const Environment& env) {
  if (std::holds_alternative<syntax::Star>(node.left->node) && env.columns != nullptr) {
    WARDIAN_ASSIGN(ExprPtr made, any_column(binder, node, span, env));
    return Bound(std::move(made));
  }
  WARDIAN_ASSIGN(auto sides, binder.both(*node.left, *node.right, env));
  auto& [left, right] = sides;
  // Outside of search a `column: "term"` is the plain form of it.
  const std::string_view op = node.op == syntax::BinaryOp::colon ? "has" : syntax::spelling(node.op);
  WARDIAN_ASSIGN(ExprPtr made, binder.binary(op, std::move(left), std::move(right), node.op_span, span));
  return Bound(std::move(made));
}

/// A chain as a balanced tree, so that thousands of terms stay shallow.
Result<ExprPtr> joined(Binder& binder, std::string_view op, std::span<const ExprPtr> parts, SourceSpan span) {
  if (parts.size() == 1) return parts.front();
  WARDIAN_ASSIGN(ExprPtr left, joined(binder, op, parts.first(parts.size() / 2), span));
  WARDIAN_ASSIGN(ExprPtr right, joined(binder, op, parts.subspan(parts.size() / 2), span));
  return binder.binary(op, std::move(left), std::move(right), span, span);
}

Result<Bound> logical(Binder& binder, const syntax::Logical& node, SourceSpan span, const Environment& env) {
  std::vector<ExprPtr> parts;
  for (const syntax::Expr& operand : node.operands) {
    Result<ExprPtr> part = binder.scalar_of(operand, Type::boolean, env);
    if (part.ok()) {
      parts.push_back(std::move(*part));
    } else {
      WARDIAN_TRY(binder.note(std::move(part).error()));
    }
  }
  if (parts.size() < node.operands.size()) return told();
  WARDIAN_ASSIGN(ExprPtr made, joined(binder, node.op == syntax::LogicalOp::all_of ? "and" : "or", parts, span));
  return Bound(std::move(made));
}

/// The member of an entity group that the expression names, or null.
const Entity* entity_named(const syntax::Expr& expr, const Environment& env) {
  const auto* name = std::get_if<syntax::Name>(&expr.node);
  const Meaning* meaning = name != nullptr && env.scope ? env.scope->find(name->text) : nullptr;
  return meaning != nullptr ? std::get_if<Entity>(meaning) : nullptr;
}

/// database("d"), cluster("c").database("d"): the database's name; nullopt when the expression is something else.
Result<std::optional<std::string>> database_of(Binder& binder, const syntax::Expr& expr, const Environment& env) {
  if (const Entity* entity = entity_named(expr, env)) {
    Environment there = env.without_rows();
    there.scope = entity->declared_in;
    return database_of(binder, *entity->expression, there);
  }
  const syntax::Call* call = std::get_if<syntax::Call>(&expr.node);
  if (const auto* member = std::get_if<syntax::MemberCall>(&expr.node)) {
    const auto* cluster = std::get_if<syntax::Call>(&member->source->node);
    call = nullptr;
    if (cluster != nullptr && cluster->function.text == "cluster") {
      if (cluster->arguments.size() != 1) {
        return Result<std::optional<std::string>>(
            wrong_count("cluster", "1 argument", cluster->arguments.size(), cluster->function.span));
      }
      WARDIAN_ASSIGN(const std::string where, binder.constant_string(cluster->arguments.front(), env));
      if (where != kClusterEndpoint)
        return Result<std::optional<std::string>>(not_supported("queries over other clusters", cluster->function.span));
      call = &member->call;
    }
  }
  if (call == nullptr || call->function.text != "database") return std::optional<std::string>();
  if (call->arguments.empty()) return std::optional<std::string>(binder.context().database);
  WARDIAN_ASSIGN(std::string named, binder.constant_string(call->arguments.front(), env));
  return std::optional<std::string>(binder.database_meant(std::move(named)));
}

std::string text_hint(Type type) {
  return type == Type::string ? "strlen(x) and substring(x, 0, 3) take text apart; parse_json(x) reads JSON" : std::string();
}

Result<Bound> member(Binder& binder, const syntax::Member& node, SourceSpan span, const Environment& env) {
  if (const auto* side = std::get_if<syntax::Name>(&node.source->node); side != nullptr && env.right != nullptr) {
    const bool left = side->text == "$left";
    if (left || side->text == "$right") {
      const columnar::Schema& schema = left ? *env.columns : *env.right;
      const auto at = columnar::find_column(schema, node.member.text);
      if (!at) {
        Environment one = env;
        one.columns = &schema;
        return unknown_name(node.member.text, node.member.span, one);
      }
      return Bound(column_ref(left ? 0 : 1, *at, schema, span));
    }
  }
  WARDIAN_ASSIGN(auto property, pattern_member(binder, node, span, env));
  if (property) return std::move(*property);
  if (const auto* step = env.has_steps ? std::get_if<syntax::Name>(&node.source->node) : nullptr) {
    if (const auto at = columnar::find_column(*env.columns, step_column(step->text, node.member.text))) {
      return Bound(column_ref(0, *at, *env.columns, span));
    }
  }
  if (const auto* pattern = binder.pattern_called(*node.source, env)) {
    return binder.match(**pattern, std::get<syntax::Call>(node.source->node), node.member.text, env);
  }
  WARDIAN_ASSIGN(const auto database, database_of(binder, *node.source, env));
  if (database && node.member.text == "$current_database") {
    return Bound(constant_expr(Value{Type::string, *database}, span));
  }
  if (database && node.member.text == "$current_cluster_endpoint") {
    return Bound(constant_expr(Value{Type::string, std::string()}, span));
  }
  if (database) {
    WARDIAN_ASSIGN(NodePtr table, binder.table_named(*database, node.member.text, node.member.span, env));
    return Bound(std::move(table));
  }
  WARDIAN_ASSIGN(ExprPtr source, binder.scalar(*node.source, env));
  if (source->type != Type::dynamic) {
    return error_at(ErrorCode::type_mismatch,
                    "Only a dynamic value has members, not " + std::string(columnar::type_name(source->type)), node.member.span,
                    text_hint(source->type));
  }
  return Bound(dynamic_member(std::move(source), node.member.text, span));
}

Result<Bound> member_call(Binder& binder, const syntax::MemberCall& node, SourceSpan span, const Environment& env) {
  WARDIAN_ASSIGN(const auto database, database_of(binder, *node.source, env));
  if (!database) {
    Error refused = not_supported("calls on a value: " + node.call.function.text, node.call.function.span);
    refused.hint = "Values have no functions of their own: f(x), or x startswith \"a\"";
    return refused;
  }
  if (node.call.function.text == "table" && !node.call.arguments.empty()) {
    WARDIAN_ASSIGN(const std::string named, binder.constant_string(node.call.arguments.front(), env));
    WARDIAN_ASSIGN(NodePtr table, binder.table_named(*database, named, node.call.arguments.front().span, env));
    return Bound(std::move(table));
  }
  if (Tables* tables = binder.context().tables) {
    WARDIAN_ASSIGN(auto stored, tables->function(*database, node.call.function.text));
    if (stored) {
      WARDIAN_ASSIGN(const UserFunctionPtr function,
                     binder.stored_function(node.call.function.text, *stored, node.call.function.span));
      return binder.invoke(function, node.call.arguments, std::nullopt, span, env);
    }
  }
  return error_at(ErrorCode::unknown_function, "Unknown function: " + node.call.function.text, node.call.function.span);
}

Result<Bound> index(Binder& binder, const syntax::Index& node, SourceSpan span, const Environment& env) {
  if (const auto* pattern = binder.pattern_called(*node.source, env)) {
    WARDIAN_ASSIGN(const std::string path, binder.constant_string(*node.index, env));
    return binder.match(**pattern, std::get<syntax::Call>(node.source->node), path, env);
  }
  WARDIAN_ASSIGN(ExprPtr source, binder.scalar_or_several(*node.source, env));
  WARDIAN_ASSIGN(ExprPtr at, binder.scalar(*node.index, env));
  if (const columnar::Schema* results = results_of(*source)) {
    const auto* constant = std::get_if<plan::Constant>(&at->node);
    const auto* place = constant == nullptr ? nullptr : std::get_if<std::int64_t>(&constant->value.held);
    if (place == nullptr || *place < 0 || *place >= static_cast<std::int64_t>(results->size())) {
      return one_result_expected(node.source->span);
    }
    return Bound(result_at(source, static_cast<std::size_t>(*place)));
  }
  if (source->type != Type::dynamic) {
    return error_at(ErrorCode::type_mismatch,
                    "Only a dynamic value has elements, not " + std::string(columnar::type_name(source->type)), node.index->span,
                    text_hint(source->type));
  }
  WARDIAN_TRY(check_part(*source, *at));
  return Bound(dynamic_element(std::move(source), std::move(at), span));
}

}  // namespace

Environment Environment::over(const plan::Node& rows_of) const {
  Environment made = *this;
  made.columns = &rows_of.schema;
  made.right = nullptr;
  made.table = &rows_of;
  made.row = std::make_shared<const char>();
  made.serialized = rows_of.serialized;
  made.aggregates = nullptr;
  made.pattern = {};
  return made;
}

Environment Environment::without_rows() const {
  Environment made;
  made.scope = scope;
  made.piped = piped;
  made.around = around;
  made.reads_around = reads_around;
  made.piped_graph = piped_graph;
  return made;
}

Result<Bound> Binder::any(const syntax::Expr& expr, const Environment& env) {
  const SourceSpan span = expr.span;
  Result<Bound> bound = std::visit(
      overloaded{
          [&](const syntax::Name& node) { return name(*this, node, span, env); },
          [&](const syntax::WildcardName&) -> Result<Bound> {
            return error_at(ErrorCode::wrong_context, "A pattern of names has no place here", span);
          },
          [&](const syntax::Star&) -> Result<Bound> { return error_at(ErrorCode::wrong_context, "* has no place here", span); },
          [&](const syntax::ClientParameter& node) -> Result<Bound> {
            return error_at(ErrorCode::unknown_name, "The client gave no value for {" + node.name + "}", span);
          },
          [&](const syntax::Literal& node) -> Result<Bound> { return Bound(constant_expr(node.value, span)); },
          [&](const syntax::Unary& node) { return unary(*this, node, span, env); },
          [&](const syntax::Binary& node) { return binary_operation(*this, node, span, env); },
          [&](const syntax::Logical& node) { return logical(*this, node, span, env); },
          [&](const syntax::Between& node) -> Result<Bound> {
            WARDIAN_ASSIGN(ExprPtr made, between(node, span, env));
            return Bound(std::move(made));
          },
          [&](const syntax::In& node) -> Result<Bound> {
            WARDIAN_ASSIGN(ExprPtr made, in(node, span, env));
            return Bound(std::move(made));
          },
          [&](const syntax::Call& node) { return call(node, span, env); },
          [&](const syntax::Member& node) { return member(*this, node, span, env); },
          [&](const syntax::MemberCall& node) { return member_call(*this, node, span, env); },
          [&](const syntax::Index& node) { return index(*this, node, span, env); },
          [&](const syntax::Named& node) -> Result<Bound> {
            return error_at(ErrorCode::wrong_context, "A name has no place here", node.names.front().span);
          },
          [&](const syntax::Pipe& node) -> Result<Bound> { return pipe_any(node, env); },
          [&](const syntax::SourceOperator& node) -> Result<Bound> {
            Environment around = env.without_rows();
            WARDIAN_ASSIGN(NodePtr made, apply(*node.operation, nullptr, around));
            return Bound(std::move(made));
          },
          [&](const syntax::TypeOf&) -> Result<Bound> {
            return error_at(ErrorCode::wrong_context, "typeof() has no place here", span);
          },
          [&](const syntax::Unreadable&) -> Result<Bound> { return told(); }},
      expr.node);
  if (!bound.ok()) return bound;
  const plan::Extent& extent = std::visit([](const auto& made) -> const plan::Extent& { return made->extent; }, *bound);
  if (extent.too_large()) return too_large(extent, span);
  const auto* value = std::get_if<ExprPtr>(&*bound);
  if (value != nullptr && is_missing((*value)->type)) return told();
  return bound;
}

Result<ExprPtr> Binder::scalar(const syntax::Expr& expr, const Environment& env) {
  WARDIAN_ASSIGN(ExprPtr made, scalar_or_several(expr, env));
  return results_of(*made) == nullptr ? made : results_as_array(*this, made);
}

Result<ExprPtr> Binder::scalar_or_several(const syntax::Expr& expr, const Environment& env) {
  WARDIAN_ASSIGN(Bound bound, any(expr, env));
  if (auto* made = std::get_if<ExprPtr>(&bound)) return std::move(*made);
  return scalar_expected(expr.span);
}

Result<ExprPtr> Binder::scalar_of(const syntax::Expr& expr, Type type, const Environment& env) {
  WARDIAN_ASSIGN(ExprPtr bound, scalar(expr, env));
  const Type found = bound->type;
  if (ExprPtr converted = convert(std::move(bound), type)) return converted;
  return wrong_type(type, found, expr.span);
}

}  // namespace wardian::kql

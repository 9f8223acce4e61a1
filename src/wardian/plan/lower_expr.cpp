#include <algorithm>
#include <cctype>

#include "wardian/base/overloaded.h"
#include "wardian/plan/lowerer.h"

namespace wardian::plan {

using columnar::Type;
using columnar::Value;

sql::ExprPtr bare_literal(const Value& value) {
  return std::visit(overloaded{[](std::monostate) { return sql::null(); }, [](bool held) { return sql::boolean(held); },
                               [](std::int64_t held) { return sql::integer(held); }, [](double held) { return sql::real(held); },
                               [&](const std::string& held) {
                                 return value.type == Type::decimal || value.type == Type::guid
                                            ? sql::make(sql::TypedLiteral{std::string(sql::column_type(value.type)), held})
                                            : sql::string(held);
                               }},
                    value.held);
}

sql::ExprPtr literal(const Value& value) {
  sql::ExprPtr bare = bare_literal(value);
  // A bare integer is INTEGER when it fits, whatever the type here; the others already carry their type.
  // The least int is written as the negative of a number that is none.
  const auto* whole = std::get_if<std::int64_t>(&value.held);
  const bool least_int = value.type == Type::int32 && whole != nullptr && *whole == INT32_MIN;
  const bool typed = !value.is_null() && sql::column_type(value.type) != "BIGINT" && !least_int;
  return typed ? bare : sql::cast(std::move(bare), std::string(sql::column_type(value.type)));
}

namespace {

bool any_window_call(const Expr& expr, bool (*counts)(const WindowCall&)) {
  return std::visit(
      overloaded{[&](const WindowCall& call) { return counts(call); },
                 [&](const Call& call) {
                   for (const ExprPtr& argument : call.arguments) {
                     if (any_window_call(*argument, counts)) return true;
                   }
                   return false;
                 },
                 [&](const InSubquery& in) { return any_window_call(*in.value, counts); }, [](const auto&) { return false; }},
      expr.node);
}

/// One row whatever the tables hold.
bool is_one_row(const Node& node) {
  if (const auto* project = std::get_if<Project>(&node.node)) return is_one_row(*project->input);
  const auto* aggregate = std::get_if<Aggregate>(&node.node);
  return aggregate != nullptr && aggregate->keys.empty();
}

}  // namespace

bool has_subquery_of_row(const Expr& expr) {
  if (const auto* subquery = std::get_if<ScalarSubquery>(&expr.node)) return subquery->of_row;
  const auto any = [](const std::vector<ExprPtr>& parts) {
    return std::ranges::any_of(parts, [](const ExprPtr& part) { return has_subquery_of_row(*part); });
  };
  if (const auto* call = std::get_if<Call>(&expr.node)) return any(call->arguments);
  if (const auto* call = std::get_if<WindowCall>(&expr.node)) return any(call->arguments);
  const auto* in = std::get_if<InSubquery>(&expr.node);
  return in != nullptr && has_subquery_of_row(*in->value);
}

bool has_window_call(const Expr& expr) {
  return any_window_call(expr, [](const WindowCall&) { return true; });
}
bool has_window_function(const Expr& expr) {
  return any_window_call(expr, [](const WindowCall& call) { return call.lowering.rewrite != &row_place; });
}

bool windows_stream(const Expr& expr) {
  return !any_window_call(expr, [](const WindowCall& call) {
    if (call.lowering.rewrite == &row_place || call.frame == kRowsToHere) return false;
    if (!call.frame.empty()) return true;
    // A neighbour: how far it is and what stands for it where there is none.
    constexpr std::int64_t kBufferedMax = 1024;  // the engine keeps twice as many rows
    const auto constant = [&](std::size_t at) { return std::get_if<Constant>(&call.arguments[at]->node); };
    if (call.arguments.size() > 1) {
      const auto* offset = constant(1) == nullptr ? nullptr : std::get_if<std::int64_t>(&constant(1)->value.held);
      if (offset == nullptr || *offset > kBufferedMax || *offset < -kBufferedMax) return true;
    }
    return call.arguments.size() > 2 && (constant(2) == nullptr || constant(2)->value.type != call.arguments[0]->type);
  });
}

bool wants_row_order(const Aggregate& aggregate) {
  for (const NamedExpr& each : aggregate.aggregates) {
    const auto* call = std::get_if<Call>(&each.expr->node);
    if (call == nullptr) continue;
    const RowOrder order = call->lowering.order;
    if (order == RowOrder::always || (order == RowOrder::serialized && aggregate.input->serialized)) return true;
  }
  return false;
}

Result<sql::ExprPtr> Lowerer::expression(const Expr& expr, const Inputs& inputs) {
  return std::visit(
      overloaded{[&](const ColumnRef& ref) -> Result<sql::ExprPtr> {
                   if (ref.input == kAround) return sql::column(around_->alias[0], around_->names[0]->at(ref.index));
                   return sql::column(inputs.alias[ref.input], inputs.names[ref.input]->at(ref.index));
                 },
                 [&](const Constant& constant) -> Result<sql::ExprPtr> { return literal(constant.value); },
                 [&](const Call& call) -> Result<sql::ExprPtr> {
                   std::vector<sql::ExprPtr> arguments;
                   for (const ExprPtr& argument : call.arguments) {
                     WARDIAN_ASSIGN(sql::ExprPtr lowered, expression(*argument, inputs));
                     arguments.push_back(std::move(lowered));
                   }
                   if (call.lowering.rewrite != nullptr) {
                     return call.lowering.rewrite(CallSite{arguments, call.arguments, expr.type, {}});
                   }
                   return sql::call(std::string(call.lowering.sql), std::move(arguments));
                 },
                 [&](const ScalarSubquery& subquery) -> Result<sql::ExprPtr> {
                   const Inputs* const outer = std::exchange(around_, subquery.of_row ? &inputs : around_);
                   Result<Relation> made = relation(*subquery.table);
                   around_ = outer;
                   WARDIAN_ASSIGN(Relation table, std::move(made));
                   const std::string name = table.names.front();
                   sql::Select select;
                   select.items.push_back({sql::column("t", name), name});
                   select.from = as_table(std::move(table), "t");
                   sql::Query first{std::move(select), {}, is_one_row(*subquery.table) ? nullptr : sql::integer(1)};
                   sql::ExprPtr value = sql::make(sql::Subquery{std::make_shared<const sql::Query>(std::move(first))});
                   if (expr.type == Type::string) value = sql::call("coalesce", {std::move(value), sql::string("")});
                   return value;
                 },
                 [&](const InSubquery& in) -> Result<sql::ExprPtr> { return membership(in, inputs, false); },
                 [&](const WindowCall& call) -> Result<sql::ExprPtr> { return window(expr, call, inputs); },
                 [&](const LambdaParameter& parameter) -> Result<sql::ExprPtr> { return sql::column(parameter.name); }},
      expr.node);
}

/// A condition of WHERE, where null counts as false: memberships need no guard there and can become semi joins.
Result<sql::ExprPtr> Lowerer::condition(const Expr& expr, const Inputs& inputs) {
  if (const auto* in = std::get_if<InSubquery>(&expr.node)) return membership(*in, inputs, true);
  if (const auto* call = std::get_if<Call>(&expr.node); call != nullptr && call->name == "and") {
    WARDIAN_ASSIGN(sql::ExprPtr left, condition(*call->arguments[0], inputs));
    WARDIAN_ASSIGN(sql::ExprPtr right, condition(*call->arguments[1], inputs));
    return sql::binary("AND", std::move(left), std::move(right));
  }
  return expression(expr, inputs);
}

Result<sql::ExprPtr> Lowerer::membership(const InSubquery& in, const Inputs& inputs, bool null_is_false) {
  WARDIAN_ASSIGN(sql::ExprPtr value, expression(*in.value, inputs));
  const sql::ExprPtr given = value;
  WARDIAN_ASSIGN(Relation table, relation(*in.table));
  sql::ExprPtr member = sql::column("t", table.names.front());
  const Type type = in.table->schema.front().type;
  sql::Select select;
  // A null in the list would turn every miss into null.
  if (type != Type::string) select.where = sql::is_not_null(member);
  if (in.ignore_case) {
    value = sql::call("lower", {std::move(value)});
    member = sql::call("lower", {std::move(member)});
  }
  select.items.push_back({std::move(member), "value"});
  select.from = as_table(std::move(table), "t");
  sql::ExprPtr found = sql::make(sql::InQuery{std::move(value), sql::query(std::move(select)), false});
  if (null_is_false) return found;
  found = sql::call("coalesce", {std::move(found), sql::boolean(false)});
  if (!in.reads_nulls()) return found;
  WARDIAN_ASSIGN(sql::ExprPtr any_null, holds_null(in));
  return sql::if_else(sql::binary("AND", sql::is_null(given), std::move(any_null)), sql::null(), std::move(found));
}

/// Whether the first column of the table has a null: a subquery that the engine runs once.
Result<sql::ExprPtr> Lowerer::holds_null(const InSubquery& in) {
  WARDIAN_ASSIGN(Relation table, relation(*in.table));
  sql::Select select;
  select.items.push_back({sql::call("bool_or", {sql::is_null(sql::column("t", table.names.front()))}), "value"});
  select.from = as_table(std::move(table), "t");
  return sql::call("coalesce", {sql::make(sql::Subquery{sql::query(std::move(select))}), sql::boolean(false)});
}

Result<sql::ExprPtr> Lowerer::window(const Expr& expr, const WindowCall& call, const Inputs& inputs) {
  if (!inputs.ordered) {
    const std::string name(call.name);
    return Error{ErrorCode::wrong_context, name + "() has no place in this operator", expr.span,
                 "Compute it first: extend x = " + name + "(…)"};
  }
  std::vector<sql::ExprPtr> arguments;
  for (const ExprPtr& argument : call.arguments) {
    WARDIAN_ASSIGN(sql::ExprPtr lowered, expression(*argument, inputs));
    arguments.push_back(std::move(lowered));
  }
  // The row order lives in the ordinal column; see lower(Project).
  const CallSite site{arguments, call.arguments, expr.type, inputs.partition, inputs.streams};
  sql::ExprPtr made =
      call.lowering.rewrite != nullptr ? call.lowering.rewrite(site) : sql::call(std::string(call.lowering.sql), arguments);
  if (!std::holds_alternative<sql::Call>(made->node)) return made;  // the rewrite has made its own windows
  return over_row_order(site, std::move(made), call.frame);
}

sqltree::ExprPtr over_row_order(const CallSite& site, sqltree::ExprPtr call, std::string frame) {
  sql::Window over{std::move(call), {site.partition.begin(), site.partition.end()}, {}, std::move(frame)};
  if (!site.streams) over.order_by.push_back({sql::column(std::string(kOrdinalColumn)), false, sql::Nulls::last});
  return sql::make(std::move(over));
}

sqltree::ExprPtr row_place(const CallSite&) { return sql::column(std::string(kOrdinalColumn)); }

sqltree::ExprPtr is_first_row() { return sql::binary("=", sql::column(std::string(kOrdinalColumn)), sql::integer(1)); }

}  // namespace wardian::plan

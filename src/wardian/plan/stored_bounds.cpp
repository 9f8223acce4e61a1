#include "wardian/plan/stored_bounds.h"

#include <algorithm>
#include <optional>

#include "wardian/kernels/datetime.h"

namespace wardian::plan {
namespace {

namespace sql = sqltree;
using columnar::Type;
using columnar::Value;

constexpr std::size_t kValuesMax = 64;  // of one `in`; the scan looks at each for every group of rows
// TIMESTAMP_NS ends within these years.
constexpr std::int64_t kTicksOf1678 = 529'210'368'000'000'000, kTicksOf2262 = 713'502'432'000'000'000;

const columnar::Value* constant_of(const Expr& expr) {
  const auto* constant = std::get_if<Constant>(&expr.node);
  if (constant == nullptr || constant->value.is_null()) return nullptr;
  const bool text = expr.type == Type::string && !std::get<std::string>(constant->value.held).empty();
  return text || expr.type == Type::datetime ? &constant->value : nullptr;
}

std::string mirrored(std::string_view op) {
  if (op == "<") return ">";
  if (op == "<=") return ">=";
  if (op == ">") return "<";
  if (op == ">=") return "<=";
  return std::string(op);
}

void add_bounds(const Expr& condition, std::vector<StoredBound>& bounds) {
  const auto* call = std::get_if<Call>(&condition.node);
  if (call == nullptr) return;
  if (call->name == "and") {
    for (const ExprPtr& part : call->arguments) add_bounds(*part, bounds);
    return;
  }
  const bool compares = call->name == "==" || call->name == "<" || call->name == "<=" || call->name == ">" || call->name == ">=";
  if ((!compares && call->name != "in") || call->arguments.size() < 2) return;
  const auto* left = std::get_if<ColumnRef>(&call->arguments[0]->node);
  const auto* right = compares ? std::get_if<ColumnRef>(&call->arguments[1]->node) : nullptr;
  const ColumnRef* column = left != nullptr ? left : right;
  if (column == nullptr || column->input != 0 || call->arguments.size() > kValuesMax + 1) return;
  StoredBound bound{column->index, compares ? std::string(call->name) : "==", {}};
  if (column == right) bound.op = mirrored(bound.op);
  for (const ExprPtr& argument : call->arguments) {
    if (std::get_if<ColumnRef>(&argument->node) == column) continue;
    const Value* value = constant_of(*argument);
    if (value == nullptr) return;
    bound.values.push_back(*value);
  }
  if (bound.values.front().type == Type::string && bound.op != "==") return;
  bounds.push_back(std::move(bound));
}

/// The instant as a literal of the type, rounded down to what that holds.
std::optional<sql::ExprPtr> instant(std::int64_t ticks, const std::string& type) {
  std::string text;
  kernels::append_datetime(text, ticks);  // 2017-01-01T00:00:00.0000000Z
  const std::string day = text.substr(0, 10), time = text.substr(11, 8), digits = text.substr(20, 7);
  if (type == "DATE") return sql::cast(sql::string(day), type);
  if (type == "TIMESTAMP_NS") {
    if (ticks < kTicksOf1678 || ticks > kTicksOf2262) return std::nullopt;
    return sql::cast(sql::string(day + " " + time + "." + digits + "00"), type);
  }
  const std::string offset = type == "TIMESTAMP WITH TIME ZONE" ? "+00" : "";
  if (offset.empty() && type != "TIMESTAMP") return std::nullopt;
  return sql::cast(sql::string(day + " " + time + "." + digits.substr(0, 6) + offset), type);
}

sql::ExprPtr compared_times(const StoredBound& bound, const StoredColumn& stored, const sql::ExprPtr& column) {
  std::int64_t least = INT64_MAX, most = INT64_MIN;
  for (const Value& value : bound.values) {
    least = std::min(least, std::get<std::int64_t>(value.held));
    most = std::max(most, std::get<std::int64_t>(value.held));
  }
  sql::ExprPtr from, to;
  if (bound.op != "<" && bound.op != "<=") {
    if (const auto limit = instant(least, stored.type)) from = sql::binary(">=", column, *limit);
  }
  if (bound.op != ">" && bound.op != ">=") {
    // A tick is a hundred nanoseconds, all of which lie within it.
    const bool within = stored.type == "TIMESTAMP_NS";
    if (const auto limit = instant(within ? most + 1 : most, stored.type)) to = sql::binary(within ? "<" : "<=", column, *limit);
  }
  if (from == nullptr || to == nullptr) return from == nullptr ? to : from;
  return sql::binary("AND", std::move(from), std::move(to));
}

}  // namespace

std::vector<StoredBound> stored_bounds(const Expr& condition) {
  std::vector<StoredBound> bounds;
  add_bounds(condition, bounds);
  return bounds;
}

sql::ExprPtr over_stored(const StoredBound& bound, const StoredColumn& stored, const std::string& table) {
  if (stored.name.empty()) return nullptr;
  const sql::ExprPtr column = sql::column(table, stored.name);
  const bool times = bound.values.front().type == Type::datetime;
  if (times != (stored.type != "VARCHAR")) return nullptr;
  if (times) return compared_times(bound, stored, column);
  sql::ExprPtr made;
  for (const Value& value : bound.values) {
    sql::ExprPtr one = sql::binary("=", column, sql::string(std::get<std::string>(value.held)));
    made = made == nullptr ? std::move(one) : sql::binary("OR", std::move(made), std::move(one));
  }
  return made;
}

}  // namespace wardian::plan

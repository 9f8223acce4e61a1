#include "wardian/kql/bind_functions.h"

#include <algorithm>
#include <array>

#include "wardian/kql/blob_reference.h"
#include "wardian/kql/constant_json.h"
#include "wardian/kql/functions/function_families.h"
#include "wardian/kql/overload.h"
#include "wardian/sqltree/build.h"

namespace wardian::kql {
namespace {

namespace sql = sqltree;

std::string arguments_text(std::size_t count) { return std::to_string(count) + (count == 1 ? " argument" : " arguments"); }

/// What a dynamic value holds, only the data tells: it has to be converted by name.
Result<ExprPtr> exactly(Binder& binder, const syntax::Expr& expr, Type type, const Environment& env) {
  WARDIAN_ASSIGN(ExprPtr made, binder.scalar(expr, env));
  if (made->type == type) return made;
  return error_at(ErrorCode::type_mismatch,
                  "A value of type " + std::string(columnar::type_name(type)) + " is needed here, not " +
                      std::string(columnar::type_name(made->type)),
                  expr.span, conversion_hint(type));
}

NodePtr shared(Binder& binder, NodePtr table, std::string name) {
  columnar::Schema schema = table->schema;
  const bool serialized = table->serialized;
  return plan::make_node(plan::Shared{std::move(table), std::move(name), binder.next_shared_id()}, std::move(schema), serialized);
}

Result<Bound> bind_toscalar(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 1, 1));
  Environment within = env.without_rows();
  bool of_row = false;
  if (env.row != nullptr && env.around == nullptr) {  // one level: a table within a table sees the rows of neither
    within.around = env.row;
    within.reads_around = &of_row;
  }
  WARDIAN_ASSIGN(Bound bound, binder.any(call.arguments.front(), within));
  if (auto* value = std::get_if<ExprPtr>(&bound)) {
    if (of_row) return binder.any(call.arguments.front(), env);
    if (results_of(**value) != nullptr) {
      WARDIAN_ASSIGN(*value, results_as_array(binder, *value));
    }
    if (!is_volatile(**value)) return bound;
    // Once for the whole query, wherever it is used.
    bound = plan::make_node(plan::Rows{{{*value}}}, {{"value", (*value)->type}});
  }
  auto* table = std::get_if<NodePtr>(&bound);
  if (table == nullptr) return graph_unexpected(call.arguments.front().span);
  if ((*table)->schema.empty()) return table_expected(call.arguments.front().span);
  const Type type = (*table)->schema.front().type;
  if (of_row) return Bound(plan::make_expr(plan::ScalarSubquery{std::move(*table), true}, type, span));
  return Bound(plan::make_expr(plan::ScalarSubquery{shared(binder, std::move(*table), "toscalar")}, type, span));
}

Result<Bound> bind_materialize(Binder& binder, const syntax::Call& call, SourceSpan, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 1, 1));
  WARDIAN_ASSIGN(Bound bound, binder.any(call.arguments.front(), env.without_rows()));
  if (auto* table = std::get_if<NodePtr>(&bound)) return Bound(shared(binder, std::move(*table), "materialized"));
  return bound;
}

// --- iff and case ---------------------------------------------------------------------------------------------------

sql::ExprPtr choose(const plan::CallSite& site) {
  sql::Case made;
  for (std::size_t at = 0; at + 1 < site.arguments.size(); at += 2) {
    made.branches.emplace_back(site.arguments[at], site.arguments[at + 1]);
  }
  made.otherwise = site.arguments.back();
  return sql::make(std::move(made));
}

/// Conditions and values in turn, then the value otherwise. The values meet in one type, dynamic if there is no other.
Result<Bound> chosen(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  std::vector<ExprPtr> parts;
  std::optional<Type> common;
  bool first = true, several = false, mistaken = false;
  const std::size_t count = call.arguments.size();
  for (std::size_t at = 0; at < count; ++at) {
    const bool condition = at % 2 == 0 && at + 1 < count;
    Result<ExprPtr> bound =
        condition ? exactly(binder, call.arguments[at], Type::boolean, env) : binder.scalar(call.arguments[at], env);
    if (!bound.ok()) {
      WARDIAN_TRY(binder.note(std::move(bound).error()));
      mistaken = true;
      continue;
    }
    WARDIAN_ASSIGN(ExprPtr part, std::move(bound));
    if (condition) {
      parts.push_back(std::move(part));
      continue;
    }
    several = several || is_results(*part);
    if (first) {
      common = part->type;
    } else if (common) {
      common = common_type(*common, part->type);
    }
    first = false;
    parts.push_back(std::move(part));
  }
  if (mistaken) return told();
  const Type type = several ? Type::dynamic : common.value_or(Type::dynamic);
  for (std::size_t at = 0; at < count; ++at) {
    if (at % 2 == 0 && at + 1 < count) continue;
    if (parts[at]->type == type) continue;
    if (type == Type::dynamic) {
      parts[at] = to_dynamic(std::move(parts[at]));
    } else {
      parts[at] = convert(std::move(parts[at]), type);
    }
  }
  return Bound(plan::make_expr(plan::Call{"case", {"", &choose}, std::move(parts)}, type, span));
}

Result<Bound> bind_iff(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 3, 3));
  return chosen(binder, call, span, env);
}

Result<Bound> bind_case(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 3, SIZE_MAX));
  if (call.arguments.size() % 2 == 0) {
    return error_at(ErrorCode::argument_count, "case() takes pairs of a condition and a value, then the value otherwise",
                    call.function.span);
  }
  return chosen(binder, call, span, env);
}

// --- assert ---------------------------------------------------------------------------------------------------------

/// Evaluated while the query is read, wherever it stands: also where no row would ever reach it.
Result<Bound> bind_assert(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 2, 2));
  WARDIAN_ASSIGN(const ExprPtr condition, exactly(binder, call.arguments[0], Type::boolean, env));
  WARDIAN_ASSIGN(const std::string message, binder.constant_string(call.arguments[1], env));
  // Explaining runs nothing that reads tables.
  if (!binder.context().constants_only || !reads_tables(*condition)) {
    WARDIAN_ASSIGN(const Value value, binder.constant(condition, call.arguments[0].span));
    const bool* holds = std::get_if<bool>(&value.held);
    if (holds == nullptr || !*holds) {
      return error_at(ErrorCode::bad_argument, "assert() has failed with message: '" + message + "'", span);
    }
  }
  return Bound(constant_expr(Value{Type::boolean, true}, span));
}

// --- time -----------------------------------------------------------------------------------------------------------

Result<Bound> moment(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env, bool ago) {
  WARDIAN_TRY(expect_count(call, ago ? 1 : 0, 1));
  ExprPtr now = constant_expr(Value{Type::datetime, binder.context().now_ticks}, span);
  if (call.arguments.empty()) return Bound(std::move(now));
  WARDIAN_ASSIGN(ExprPtr offset, exactly(binder, call.arguments.front(), Type::timespan, env));
  WARDIAN_ASSIGN(ExprPtr made, binder.binary(ago ? "-" : "+", std::move(now), std::move(offset), span, span));
  return Bound(std::move(made));
}
Result<Bound> bind_now(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  return moment(binder, call, span, env, false);
}
Result<Bound> bind_ago(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  return moment(binder, call, span, env, true);
}

// --- columns --------------------------------------------------------------------------------------------------------

ExprPtr column_at(const columnar::Schema& schema, std::size_t at, SourceSpan span) {
  return plan::make_expr(plan::ColumnRef{0, static_cast<std::uint32_t>(at)}, schema[at].type, span);
}

Result<Bound> bind_column_ifexists(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 2, 2));
  WARDIAN_ASSIGN(const std::string name, binder.constant_string(call.arguments.front(), env));
  if (env.columns != nullptr) {
    if (const auto at = columnar::find_column(*env.columns, name)) return Bound(column_at(*env.columns, *at, span));
  }
  return binder.any(call.arguments[1], env);
}

Result<Bound> bind_iscolumnexists(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 1, 1));
  WARDIAN_ASSIGN(const std::string name, binder.constant_string(call.arguments.front(), env));
  const bool found = env.columns != nullptr && columnar::find_column(*env.columns, name).has_value();
  return Bound(constant_expr(Value{Type::boolean, found}, span));
}

Result<Bound> bind_column_names_of(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 1, 1));
  WARDIAN_ASSIGN(const NodePtr table, binder.table(call.arguments.front(), env));
  std::string json = "[";
  for (const columnar::Column& column : table->schema) {
    if (json.size() > 1) json += ',';
    json += json_quoted(column.name);
  }
  return Bound(constant_expr(Value{Type::dynamic, json + "]"}, span));
}

Result<Bound> bind_pack_all(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 0, 1));
  bool ignore = false;
  if (!call.arguments.empty()) {
    WARDIAN_ASSIGN(const Value value, binder.constant(call.arguments.front(), env));
    const auto* held = std::get_if<bool>(&value.held);
    ignore = held != nullptr && *held;
  }
  if (env.aggregates != nullptr) return error_at(ErrorCode::wrong_context, "There are no columns here", call.function.span);
  if (env.columns == nullptr) return Bound(constant_expr(Value{Type::dynamic, std::string("{}")}, span));
  const columnar::Schema& columns = *env.columns;
  std::vector<std::size_t> all(columns.size());
  for (std::size_t at = 0; at < all.size(); ++at) all[at] = at;
  WARDIAN_ASSIGN(ExprPtr made, bag_of_columns(binder, columns, all, ignore, span));
  return Bound(std::move(made));
}

Result<Bound> bind_bag_pack_columns(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 1, SIZE_MAX));
  std::vector<std::size_t> which;
  for (const syntax::Expr& argument : call.arguments) {
    const auto* name = std::get_if<syntax::Name>(&argument.node);
    if (name == nullptr) return error_at(ErrorCode::wrong_context, "The name of a column is needed here", argument.span);
    const auto at = env.columns == nullptr ? std::nullopt : columnar::find_column(*env.columns, name->text);
    if (!at) return unknown_name(name->text, argument.span, env);
    which.push_back(*at);
  }
  WARDIAN_ASSIGN(ExprPtr made, bag_of_columns(binder, *env.columns, which, false, span));
  return Bound(std::move(made));
}

Result<Bound> bind_blob(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 1, 1));
  WARDIAN_ASSIGN(const std::string name, binder.constant_string(call.arguments.front(), env.without_rows()));
  return Bound(constant_expr(Value{Type::dynamic, blob_reference(name, span)}, span));
}

constexpr BinderFunction kBinderFunctions[] = {
    {"ago", "(timespan) -> datetime", &bind_ago, "The request's instant less a timespan."},
    {"assert", "(condition, message) -> bool", &bind_assert,
     "True; ends the query with the message, before it runs, where the constant condition does not hold."},
    {"bag_pack_columns", "(column, ...) -> dynamic", &bind_bag_pack_columns, "A bag of the named columns."},
    {"blob", "(name) -> dynamic", &bind_blob,
     "As a value of kargs in `evaluate python`: the blob of that name, which an earlier script left."},
    {"case", "(condition, value, ..., otherwise)", &bind_case,
     "The value after the first condition that holds, else the last value."},
    {"column_ifexists", "(name, otherwise)", &bind_column_ifexists,
     "The column of that name, or the second argument when there is none."},
    {"column_names_of", "(table) -> dynamic", &bind_column_names_of, "The names of a table's columns, as an array."},
    {"columnifexists", "(name, otherwise)", &bind_column_ifexists,
     "The column of that name, or the second argument when there is none."},
    {"iff", "(condition, if_true, if_false)", &bind_iff, "The second argument where the first is true, else the third."},
    {"iif", "(condition, if_true, if_false)", &bind_iff, "The second argument where the first is true, else the third."},
    {"iscolumnexists", "(name) -> bool", &bind_iscolumnexists, "Whether the rows have a column of that name."},
    {"materialize", "(table) -> table", &bind_materialize, "The table, computed once however often it is used."},
    {"now", "([timespan]) -> datetime", &bind_now, "The request's instant, shifted by the argument if there is one."},
    {"pack_all", "([ignore_null_empty]) -> dynamic", &bind_pack_all,
     "A bag of all columns; pack_all(true) leaves null and empty ones out."},
    {"toscalar", "(table)", &bind_toscalar, "The first value of a table; null when it has no row."},
};

}  // namespace

std::span<const BinderFunction> general_functions() { return kBinderFunctions; }

std::span<const std::span<const BinderFunction>> binder_function_families() {
  static const std::array kFamilies = {general_functions(), request_functions(), table_references()};
  return kFamilies;
}

const BinderFunction* find_binder_function(std::string_view name) {
  for (const std::span<const BinderFunction> family : binder_function_families()) {
    const auto at = std::ranges::lower_bound(family, name, {}, &BinderFunction::name);
    if (at != family.end() && at->name == name) return &*at;
  }
  return nullptr;
}

Status expect_count(const syntax::Call& call, std::size_t least, std::size_t most) {
  const std::size_t given = call.arguments.size();
  if (given >= least && given <= most) return {};
  const std::string expected = least == most ? arguments_text(most)
                                             : (most == SIZE_MAX ? "at least " + arguments_text(least)
                                                                 : std::to_string(least) + " to " + arguments_text(most));
  return wrong_count(call.function.text, expected, given, call.function.span);
}

ExprPtr either(const ExprPtr& condition, ExprPtr then, ExprPtr otherwise, SourceSpan span) {
  const Type type = then->type;
  return plan::make_expr(plan::Call{"case", {"", &choose}, {condition, std::move(then), std::move(otherwise)}}, type, span);
}

ExprPtr when(const ExprPtr& condition, ExprPtr value, SourceSpan span) {
  const Type type = value->type;
  return either(condition, std::move(value), constant_expr(columnar::null_of(type), span), span);
}

Result<ExprPtr> bag_of_columns(Binder& binder, const columnar::Schema& columns, std::span<const std::size_t> which,
                               bool ignore_null_empty, SourceSpan span) {
  std::vector<ExprPtr> arguments;
  for (const std::size_t at : which) {
    arguments.push_back(constant_expr(Value{Type::string, columns[at].name}, span));
    arguments.push_back(column_at(columns, at, span));
  }
  if (!ignore_null_empty) return binder.built_in("bag_pack", std::move(arguments), span);
  return plan::make_expr(plan::Call{"pack_all", packed_without_nulls(), std::move(arguments)}, Type::dynamic, span);
}

}  // namespace wardian::kql

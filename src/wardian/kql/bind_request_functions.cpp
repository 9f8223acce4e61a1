#include <algorithm>
#include <array>

#include "wardian/kernels/time_zone.h"
#include "wardian/kql/bind_functions.h"
#include "wardian/kql/constant_json.h"
#include "wardian/kql/dynamic_shape.h"

// Functions of the request and of what a cluster keeps about rows. A database here is kept by one node, which records
// neither when rows came nor in which piece of a table they lie: rows answer as those of the language's own engine do that
// were computed, or came into a table without such a record.
namespace wardian::kql {
namespace {

constexpr char kNoExtent[] = "00000000-0000-0000-0000-000000000000";

/// A value that needs no arguments.
template <Value (*value)(Binder&)>
Result<Bound> fixed(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment&) {
  WARDIAN_TRY(expect_count(call, 0, 0));
  return Bound(constant_expr(value(binder), span));
}

Value cluster_endpoint(Binder&) { return {Type::string, std::string(kClusterEndpoint)}; }
Value database_name(Binder& binder) { return {Type::string, binder.context().database}; }
Value principal(Binder& binder) { return {Type::string, binder.context().principal}; }
Value principal_details(Binder& binder) {
  const std::string name = json_quoted(binder.context().principal);
  return {Type::dynamic, R"({"UserPrincipalName":)" + name + R"(,"DisplayName":)" + name + R"(,"FQN":)" + name + "}"};
}
Value cursor(Binder& binder) { return {Type::string, std::to_string(binder.context().now_ticks)}; }
Value no_ingestion_time(Binder&) { return columnar::null_of(Type::datetime); }
Value no_extent(Binder&) { return {Type::guid, std::string(kNoExtent)}; }
Value no_value(Binder&) { return columnar::null_of(Type::dynamic); }
Value no_text(Binder&) { return {Type::string, std::string()}; }

Value time_zones(Binder&) {
  std::string json = "[";
  for (const std::string& name : kernels::time_zone_names()) {
    if (json.size() > 1) json += ',';
    json += json_quoted(name);
  }
  return {Type::dynamic, json + "]"};
}

/// All rows came after the empty cursor, which stands before all time, and none at a time that can be compared.
template <bool after>
Result<Bound> bind_cursor(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 1, 1));
  WARDIAN_ASSIGN(ExprPtr given, binder.scalar_of(call.arguments.front(), Type::string, env));
  if constexpr (after) {
    WARDIAN_ASSIGN(ExprPtr made, binder.built_in("isempty", {std::move(given)}, span));
    return Bound(std::move(made));
  }
  return Bound(constant_expr(Value{Type::boolean, false}, span));
}

/// bin_at() with the size and the fixed point that the request says.
Result<Bound> bind_bin_auto(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 1, 1));
  WARDIAN_ASSIGN(ExprPtr value, binder.scalar(call.arguments.front(), env));
  const Type type = value->type;
  if (!columnar::is_numeric(type) && type != Type::timespan && type != Type::datetime) {
    return error_at(ErrorCode::type_mismatch,
                    "A number, datetime or timespan is needed here, not " + std::string(columnar::type_name(type)),
                    call.arguments.front().span);
  }
  const std::optional<Value>& size = binder.options().bin_auto_size;
  if (!size) {
    return error_at(ErrorCode::bad_argument, "bin_auto() needs to be told a size", call.function.span,
                    "set query_bin_auto_size = 1h; before the query");
  }
  const bool of_time = type == Type::datetime || type == Type::timespan;
  if (of_time != (size->type == Type::timespan)) {
    return error_at(ErrorCode::type_mismatch,
                    "The size that query_bin_auto_size sets is " + std::string(columnar::type_name(size->type)) +
                        ", which is none of " + std::string(columnar::type_name(type)),
                    call.arguments.front().span);
  }
  // Counted from zero where the request names no point, or one of another type.
  Value at{of_time ? type : Type::int64, std::int64_t{0}};
  const std::optional<Value>& point = binder.options().bin_auto_at;
  if (point && (of_time ? point->type == type : columnar::is_numeric(point->type))) at = *point;
  WARDIAN_ASSIGN(ExprPtr made, binder.built_in("bin_at", {std::move(value), constant_expr(*size, span), constant_expr(at, span)},
                                               call.function.span));
  return Bound(cast(std::move(made), type == Type::int32 ? Type::int64 : type));
}

/// The only group that a principal is known to be in is itself.
Result<Bound> bind_is_member_of(Binder& binder, const syntax::Call& call, SourceSpan span, const Environment& env) {
  WARDIAN_TRY(expect_count(call, 1, 64));
  std::vector<ExprPtr> listed;
  for (const syntax::Expr& argument : call.arguments) {
    WARDIAN_ASSIGN(ExprPtr group, binder.scalar(argument, env));
    if (group->type != Type::string && group->type != Type::dynamic) {
      return error_at(ErrorCode::type_mismatch, "A group is text, or an array of texts", argument.span);
    }
    if (group->type == Type::string) {
      WARDIAN_ASSIGN(group, binder.built_in("pack_array", {std::move(group)}, span));
    }
    listed.push_back(std::move(group));
  }
  WARDIAN_TRY(check_dynamic_shapes(call.function.text, call.function.span, listed));
  WARDIAN_ASSIGN(ExprPtr all, binder.built_in("array_concat", std::move(listed), span));
  ExprPtr own = constant_expr(principal(binder), span);
  WARDIAN_ASSIGN(ExprPtr found, binder.built_in("set_has_element", {std::move(all), std::move(own)}, span));
  return Bound(std::move(found));
}

constexpr char kNoTime[] = "When the row came into its table; null, as tables here do not record it.";
constexpr char kNoExtentId[] = "The piece of a table that the row lies in: zeros only, as tables here are whole.";
constexpr char kCursor[] = "A cursor that stands for the request's instant.";
constexpr char kEmpty[] = "Empty: there is one node, whose rows bear no marks of its store.";

constexpr BinderFunction kFunctions[] = {
    {"bin_auto", "(value)", &bind_bin_auto,
     "bin_at() with the size and the point that `set query_bin_auto_size` and `…_at` name."},
    {"current_cluster_endpoint", "() -> string", &fixed<&cluster_endpoint>, "Where the request runs: localhost."},
    {"current_cursor", "() -> string", &fixed<&cursor>, kCursor},
    {"current_database", "() -> string", &fixed<&database_name>, "The name of the request's database."},
    {"current_node_id", "() -> string", &fixed<&no_text>, kEmpty},
    {"current_principal", "() -> string", &fixed<&principal>, "Who sent the request."},
    {"current_principal_details", "() -> dynamic", &fixed<&principal_details>, "A bag of what is known of who sent the request."},
    {"current_principal_is_member_of", "(group, ...) -> bool", &bind_is_member_of,
     "Whether one of the groups is who sent the request."},
    {"cursor_after", "(cursor) -> bool", &bind_cursor<true>,
     "Whether the row came after the cursor: true of the empty one only, as tables here do not record when rows came."},
    {"cursor_before_or_at", "(cursor) -> bool", &bind_cursor<false>,
     "Whether the row came up to the cursor: false, as tables here do not record when rows came."},
    {"cursor_current", "() -> string", &fixed<&cursor>, kCursor},
    {"datetime_list_timezones", "() -> dynamic", &fixed<&time_zones>, "An array of the names of time zones."},
    {"extent_id", "() -> guid", &fixed<&no_extent>, kNoExtentId},
    {"extent_tags", "() -> dynamic", &fixed<&no_value>,
     "Tags of the piece of a table that the row lies in; null, as there are none."},
    {"extentid", "() -> guid", &fixed<&no_extent>, kNoExtentId},
    {"ingestion_time", "() -> datetime", &fixed<&no_ingestion_time>, kNoTime},
    {"row_id", "() -> string", &fixed<&no_text>, kEmpty},
    {"rowstore_ordinal_range", "() -> dynamic", &fixed<&no_value>, kEmpty},
};
static_assert(std::ranges::is_sorted(kFunctions, {}, &BinderFunction::name));

}  // namespace

std::span<const BinderFunction> request_functions() { return kFunctions; }

}  // namespace wardian::kql

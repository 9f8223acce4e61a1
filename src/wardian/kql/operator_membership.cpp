#include "wardian/kql/operator_table.h"
#include "wardian/sqltree/build.h"

namespace wardian::kql {
namespace {

namespace sql = sqltree;
using columnar::Type;
using plan::CallSite;
using sql::ExprPtr;

std::vector<ExprPtr> candidates(const CallSite& site, bool fold_case) {
  std::vector<ExprPtr> items;
  for (std::size_t at = 1; at < site.arguments.size(); ++at) {
    const columnar::Value* value = site.constant(at);
    if (value != nullptr && value->is_null() && value->type != Type::string) continue;  // it would turn every miss into null
    items.push_back(fold_case ? sql::call("lower", {site.arguments[at]}) : site.arguments[at]);
  }
  return items;
}

ExprPtr in_list(const CallSite& site, bool fold_case, bool null_is_false) {
  std::vector<ExprPtr> items = candidates(site, fold_case);
  ExprPtr value = fold_case ? sql::call("lower", {site.arguments[0]}) : site.arguments[0];
  ExprPtr found = items.empty() ? sql::boolean(false) : sql::make(sql::InList{std::move(value), std::move(items), false});
  if (site.type(0) == Type::string || null_is_false) return found;
  // Null only for a null among nulls, as it is for a chain of ==.
  ExprPtr any_null;
  for (std::size_t at = 1; at < site.arguments.size(); ++at) {
    const columnar::Value* constant = site.constant(at);
    if (constant != nullptr && !constant->is_null()) continue;
    ExprPtr null = constant != nullptr ? sql::boolean(true) : sql::is_null(site.arguments[at]);
    any_null = any_null ? sql::binary("OR", std::move(any_null), std::move(null)) : std::move(null);
  }
  found = sql::call("coalesce", {std::move(found), sql::boolean(false)});
  if (!any_null) return found;
  return sql::if_else(sql::binary("AND", sql::is_null(site.arguments[0]), std::move(any_null)), sql::null(), std::move(found));
}

ExprPtr in(const CallSite& site) { return in_list(site, false, false); }
ExprPtr in_condition(const CallSite& site) { return in_list(site, false, true); }
ExprPtr in_any_case(const CallSite& site) { return in_list(site, true, false); }

/// The elements of a dynamic array as text, or as a list of the value's own type.
ExprPtr elements(const CallSite& site) {
  ExprPtr texts = sql::call("json_extract_string", {site.arguments[1], sql::string("$[*]")});
  switch (site.type(0)) {
    case Type::int32:
    case Type::int64: return sql::try_cast(std::move(texts), "BIGINT[]");
    case Type::real: return sql::try_cast(std::move(texts), "DOUBLE[]");
    case Type::decimal: return sql::try_cast(std::move(texts), "DECIMAL(38, 17)[]");
    case Type::boolean: return sql::try_cast(std::move(texts), "BOOLEAN[]");
    case Type::guid: return sql::try_cast(std::move(texts), "UUID[]");
    default: return texts;
  }
}
ExprPtr in_array(const CallSite& site) {
  return sql::call("coalesce", {sql::call("list_contains", {elements(site), site.arguments[0]}), sql::boolean(false)});
}
ExprPtr in_array_any_case(const CallSite& site) {
  ExprPtr lowered =
      sql::call("list_transform", {elements(site), sql::make(sql::Lambda{{"e"}, sql::call("lower", {sql::column("e")})})});
  return sql::call("coalesce", {sql::call("list_contains", {std::move(lowered), sql::call("lower", {site.arguments[0]})}),
                                sql::boolean(false)});
}

constexpr KqlOperator kMembership[] = {
    {"in", "(a: any, rest: any...) -> bool", {"", &in}, &in_condition},
    {"in array", "(a: any, b: dynamic) -> bool", {"", &in_array}},
    {"in~", "(a: string, rest: string...) -> bool", {"", &in_any_case}},
    {"in~ array", "(a: string, b: dynamic) -> bool", {"", &in_array_any_case}},
};

}  // namespace

std::span<const KqlOperator> membership_operators() { return kMembership; }

}  // namespace wardian::kql

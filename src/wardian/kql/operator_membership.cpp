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
    if (value != nullptr && value->is_null()) continue;  // a null in the list would turn every miss into null
    items.push_back(fold_case ? sql::call("lower", {site.arguments[at]}) : site.arguments[at]);
  }
  return items;
}

ExprPtr in_list(const CallSite& site, bool fold_case, bool null_is_false) {
  std::vector<ExprPtr> items = candidates(site, fold_case);
  if (items.empty()) return sql::boolean(false);
  ExprPtr value = fold_case ? sql::call("lower", {site.arguments[0]}) : site.arguments[0];
  bool may_be_null = site.type(0) != Type::string;
  for (std::size_t at = 1; at < site.arguments.size(); ++at) {
    may_be_null = may_be_null || (site.constant(at) == nullptr && site.type(at) != Type::string);
  }
  ExprPtr found = sql::make(sql::InList{std::move(value), std::move(items), false});
  return may_be_null && !null_is_false ? sql::call("coalesce", {std::move(found), sql::boolean(false)}) : found;
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

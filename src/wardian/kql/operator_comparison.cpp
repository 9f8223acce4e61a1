#include <cmath>

#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/operator_table.h"

namespace wardian::kql {
namespace {

using sql::ExprPtr;

/// Strings never are null, and a constant shows what it is.
bool may_be_null(const CallSite& site, std::size_t argument) {
  if (site.type(argument) == Type::string) return false;
  const columnar::Value* value = site.constant(argument);
  return value == nullptr || value->is_null();
}

// The engine takes NaN for the greatest number and for equal to itself; in the language it compares with nothing.

bool may_be_nan(const CallSite& site, std::size_t argument) {
  if (site.type(argument) != Type::real) return false;
  const columnar::Value* value = site.constant(argument);
  const auto* real = value == nullptr ? nullptr : std::get_if<double>(&value->held);
  return value == nullptr || (real != nullptr && std::isnan(*real));
}
ExprPtr is_nan(const CallSite& site, std::size_t argument) { return sql::call("isnan", {site.arguments[argument]}); }

/// An order holds only where its greater side is a number.
ExprPtr unless_nan(const CallSite& site, std::size_t greater, ExprPtr compared) {
  if (!may_be_nan(site, greater)) return compared;
  return sql::binary("AND", std::move(compared), sql::logical_not(is_nan(site, greater)));
}
/// NaN is unlike itself: both sides must be NaN for the engine to err, so that one shows it.
ExprPtr unlike_itself(const CallSite& site, bool equal, ExprPtr compared) {
  if (!may_be_nan(site, 0) || !may_be_nan(site, 1)) return compared;
  if (equal) return sql::binary("AND", std::move(compared), sql::logical_not(is_nan(site, 0)));
  return sql::binary("OR", std::move(compared), is_nan(site, 0));
}

/// The language: null == null is null, null == something is false; != likewise the other way about.
ExprPtr equality(const CallSite& site, ExprPtr a, ExprPtr b, bool equal) {
  const bool a_null = may_be_null(site, 0);
  const bool b_null = may_be_null(site, 1);
  if (a_null && b_null) {
    ExprPtr distinct = sql::binary(equal ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM", a, b);
    distinct = unlike_itself(site, equal, std::move(distinct));
    return sql::if_else(sql::binary("AND", sql::is_null(a), sql::is_null(b)), sql::null(), std::move(distinct));
  }
  ExprPtr compared = unlike_itself(site, equal, sql::binary(equal ? "=" : "<>", std::move(a), std::move(b)));
  if (!a_null && !b_null) return compared;
  return sql::call("coalesce", {std::move(compared), sql::boolean(!equal)});
}

/// The same where null and false are one.
ExprPtr equality_in_condition(const CallSite& site, bool equal) {
  const bool null_possible = may_be_null(site, 0) || may_be_null(site, 1);
  const char* op = equal ? "=" : null_possible ? "IS DISTINCT FROM" : "<>";
  return unlike_itself(site, equal, sql::binary(op, site.arguments[0], site.arguments[1]));
}

ExprPtr equal(const CallSite& site) { return equality(site, site.arguments[0], site.arguments[1], true); }
ExprPtr differ(const CallSite& site) { return equality(site, site.arguments[0], site.arguments[1], false); }
ExprPtr equal_in_condition(const CallSite& site) { return equality_in_condition(site, true); }
ExprPtr differ_in_condition(const CallSite& site) { return equality_in_condition(site, false); }

/// The page on logical operators has bool(null) != bool(null) false, unlike that of other types.
ExprPtr differ_bools(const CallSite& site) { return sql::binary("IS DISTINCT FROM", site.arguments[0], site.arguments[1]); }

/// A truth value beside a number counts as 0 or 1.
ExprPtr as_number(const CallSite& site, std::size_t argument) {
  const ExprPtr& value = site.arguments[argument];
  return site.type(argument) == Type::boolean ? sql::cast(value, "INTEGER") : value;
}
ExprPtr equal_bool_number(const CallSite& site) { return equality(site, as_number(site, 0), as_number(site, 1), true); }
ExprPtr differ_bool_number(const CallSite& site) { return equality(site, as_number(site, 0), as_number(site, 1), false); }

/// Text beside a guid is read as one; what is none equals no guid.
ExprPtr as_guid(const CallSite& site, std::size_t argument) {
  const ExprPtr& value = site.arguments[argument];
  return site.type(argument) == Type::string ? sql::try_cast(value, "UUID") : value;
}
ExprPtr equal_guid_text(const CallSite& site) {
  return sql::call("coalesce", {sql::binary("=", as_guid(site, 0), as_guid(site, 1)), sql::boolean(false)});
}
ExprPtr differ_guid_text(const CallSite& site) { return sql::logical_not(equal_guid_text(site)); }

/// A dynamic beside a string counts as tostring() of it.
ExprPtr as_text(const CallSite& site, std::size_t argument) { return to_text(site.arguments[argument], site.type(argument)); }
ExprPtr equal_dynamic_text(const CallSite& site) { return sql::binary("=", as_text(site, 0), as_text(site, 1)); }
ExprPtr differ_dynamic_text(const CallSite& site) { return sql::binary("<>", as_text(site, 0), as_text(site, 1)); }

// Two dynamics are compared as JSON text, which is canonical wherever it comes from; so their rows are those of strings
// that may be null.
/// A dynamic beside an integer: as integers when the dynamic holds one, so that large ones stay exact, else as reals.
ExprPtr dynamic_with_integer(const CallSite& site, const char* op) {
  const bool left_dynamic = site.type(0) == Type::dynamic;
  const ExprPtr& held = site.arguments[left_dynamic ? 0 : 1];
  const auto compare = [&](const char* type) {
    ExprPtr a = left_dynamic ? sql::try_cast(held, type) : site.arguments[0];
    ExprPtr b = left_dynamic ? site.arguments[1] : sql::try_cast(held, type);
    return sql::binary(op, std::move(a), std::move(b));
  };
  const ExprPtr is_integer =
      sql::make(sql::InList{sql::call("json_type", {held}), {sql::string("BIGINT"), sql::string("UBIGINT")}, false});
  return sql::if_else(is_integer, compare("BIGINT"), compare("DOUBLE"));
}
ExprPtr equal_dynamic_integer(const CallSite& site) {
  return sql::call("coalesce", {dynamic_with_integer(site, "="), sql::boolean(false)});
}
ExprPtr differ_dynamic_integer(const CallSite& site) {
  return sql::call("coalesce", {dynamic_with_integer(site, "<>"), sql::boolean(true)});
}

constexpr char kLess[] = "<", kLessEqual[] = "<=", kMore[] = ">", kMoreEqual[] = ">=";

template <const char* op>
ExprPtr order(const CallSite& site) {
  return unless_nan(site, op[0] == '>' ? 0 : 1, sql::binary(op, site.arguments[0], site.arguments[1]));
}
template <const char* op>
ExprPtr order_bool_number(const CallSite& site) {
  return unless_nan(site, op[0] == '>' ? 0 : 1, sql::binary(op, as_number(site, 0), as_number(site, 1)));
}
template <const char* op>
ExprPtr order_dynamic_integer(const CallSite& site) {
  return dynamic_with_integer(site, op);
}
template <const char* op>
ExprPtr order_dynamics(const CallSite& site) {
  return sql::binary(op, sql::try_cast(site.arguments[0], "DOUBLE"), sql::try_cast(site.arguments[1], "DOUBLE"));
}

constexpr plan::Lowering kEqual{"", &equal}, kDiffer{"", &differ};

#define WARDIAN_ORDER_ROWS(spelling, op)                                                \
  {spelling, "(a: S, b: S) -> bool", {"", &order<op>}},                                 \
      {spelling, "(a: dynamic, b: integer) -> bool", {"", &order_dynamic_integer<op>}}, \
      {spelling, "(a: integer, b: dynamic) -> bool", {"", &order_dynamic_integer<op>}}, \
      {spelling, "(a: dynamic, b: dynamic) -> bool", {"", &order_dynamics<op>}},        \
      {spelling, "(a: bool, b: bool) -> bool", {"", &order<op>}},                       \
      {spelling, "(a: bool, b: number) -> bool", {"", &order_bool_number<op>}}, {       \
    spelling, "(a: number, b: bool) -> bool", { "", &order_bool_number<op> }            \
  }

constexpr KqlOperator kComparison[] = {
    {"!=", "(a: string, b: string) -> bool", kDiffer, &differ_in_condition},
    {"!=", "(a: S, b: S) -> bool", kDiffer, &differ_in_condition},
    {"!=", "(a: bool, b: bool) -> bool", {"", &differ_bools}},
    {"!=", "(a: guid, b: guid) -> bool", kDiffer, &differ_in_condition},
    {"!=", "(a: dynamic, b: integer) -> bool", {"", &differ_dynamic_integer}},
    {"!=", "(a: integer, b: dynamic) -> bool", {"", &differ_dynamic_integer}},
    {"!=", "(a: dynamic, b: string) -> bool", {"", &differ_dynamic_text}},
    {"!=", "(a: string, b: dynamic) -> bool", {"", &differ_dynamic_text}},
    {"!=", "(a: dynamic, b: dynamic) -> bool", kDiffer, &differ_in_condition},
    {"!=", "(a: bool, b: number) -> bool", {"", &differ_bool_number}},
    {"!=", "(a: number, b: bool) -> bool", {"", &differ_bool_number}},
    {"!=", "(a: guid, b: string) -> bool", {"", &differ_guid_text}},
    {"!=", "(a: string, b: guid) -> bool", {"", &differ_guid_text}},
    WARDIAN_ORDER_ROWS("<", kLess),
    WARDIAN_ORDER_ROWS("<=", kLessEqual),
    {"==", "(a: string, b: string) -> bool", kEqual, &equal_in_condition},
    {"==", "(a: S, b: S) -> bool", kEqual, &equal_in_condition},
    {"==", "(a: bool, b: bool) -> bool", kEqual, &equal_in_condition},
    {"==", "(a: guid, b: guid) -> bool", kEqual, &equal_in_condition},
    {"==", "(a: dynamic, b: integer) -> bool", {"", &equal_dynamic_integer}},
    {"==", "(a: integer, b: dynamic) -> bool", {"", &equal_dynamic_integer}},
    {"==", "(a: dynamic, b: string) -> bool", {"", &equal_dynamic_text}},
    {"==", "(a: string, b: dynamic) -> bool", {"", &equal_dynamic_text}},
    {"==", "(a: dynamic, b: dynamic) -> bool", kEqual, &equal_in_condition},
    {"==", "(a: bool, b: number) -> bool", {"", &equal_bool_number}},
    {"==", "(a: number, b: bool) -> bool", {"", &equal_bool_number}},
    {"==", "(a: guid, b: string) -> bool", {"", &equal_guid_text}},
    {"==", "(a: string, b: guid) -> bool", {"", &equal_guid_text}},
    WARDIAN_ORDER_ROWS(">", kMore),
    WARDIAN_ORDER_ROWS(">=", kMoreEqual),
};

#undef WARDIAN_ORDER_ROWS

}  // namespace

std::span<const KqlOperator> comparison_operators() { return kComparison; }

}  // namespace wardian::kql

#include "wardian/kql/operator_table.h"
#include "wardian/sqltree/build.h"
#include "wardian/sqltree/column_type.h"

namespace wardian::kql {
namespace {

namespace sql = sqltree;
using plan::CallSite;
using sql::ExprPtr;

ExprPtr negated_long(ExprPtr value) {
  return sql::call("wardian_subtract_wrapping", {sql::cast(sql::integer(0), "BIGINT"), std::move(value)});
}

/// The engine forgets a decimal's type where an operand is known to be null.
ExprPtr typed(const CallSite& site, ExprPtr value) {
  if (site.result != columnar::Type::decimal) return value;
  return sql::cast(std::move(value), std::string(sql::column_type(site.result)));
}

template <const char* op>
ExprPtr plain(const CallSite& site) {
  return typed(site, sql::binary(op, site.arguments[0], site.arguments[1]));
}
constexpr char kPlus[] = "+", kMinus[] = "-", kTimes[] = "*", kOver[] = "/";

/// Truncates toward zero; null by zero. The one quotient that does not fit, the least long by -1, wraps.
ExprPtr divide_integers(const CallSite& site) {
  const columnar::Value* divisor = site.constant(1);
  const bool plain_divisor = divisor != nullptr && divisor->held != decltype(divisor->held)(std::int64_t{-1});
  ExprPtr quotient = sql::binary("//", site.arguments[0], site.arguments[1]);
  if (plain_divisor) return quotient;
  return sql::if_else(sql::binary("=", site.arguments[1], sql::integer(-1)), negated_long(site.arguments[0]),
                      std::move(quotient));
}

/// 0 <= n % d < |d| for negative n too; null by zero. Before a constant above zero the engine's own operator does it.
ExprPtr modulo_integers(const CallSite& site) {
  const ExprPtr& n = site.arguments[0];
  const ExprPtr& d = site.arguments[1];
  const columnar::Value* divisor = site.constant(1);
  const auto* whole = divisor == nullptr ? nullptr : std::get_if<std::int64_t>(&divisor->held);
  if (whole == nullptr || *whole <= 0) return sql::call("wardian_modulo_long", {n, d});
  const ExprPtr remainder = sql::binary("%", n, d);
  return sql::if_else(sql::binary("<", remainder, sql::integer(0)), sql::binary("+", remainder, d), remainder);
}

ExprPtr as_double(ExprPtr value) { return sql::cast(std::move(value), "DOUBLE"); }
ExprPtr to_ticks(ExprPtr value) { return sql::call("wardian_whole_ticks", {std::move(value)}); }

/// Ticks by ticks: a real number.
ExprPtr divide_ticks(const CallSite& site) {
  return sql::binary("/", as_double(site.arguments[0]), as_double(site.arguments[1]));
}
ExprPtr scale_ticks(const CallSite& site) {
  return to_ticks(sql::binary("*", as_double(site.arguments[0]), as_double(site.arguments[1])));
}
ExprPtr split_ticks(const CallSite& site) {
  return to_ticks(sql::binary("/", as_double(site.arguments[0]), as_double(site.arguments[1])));
}

/// dynamic with dynamic: integers stay integers, other numbers go by double, the rest is null. The result is JSON.
ExprPtr dynamic_arithmetic(const CallSite& site, const char* op) {
  const ExprPtr& a = site.arguments[0];
  const ExprPtr& b = site.arguments[1];
  const auto whole = [](const ExprPtr& value) {
    return sql::make(sql::InList{sql::call("json_type", {value}), {sql::string("BIGINT"), sql::string("UBIGINT")}, false});
  };
  const std::string on_integers = op == std::string_view("/") ? "//" : op;
  return sql::if_else(sql::binary("AND", whole(a), whole(b)),
                      sql::cast(sql::binary(on_integers, sql::try_cast(a, "BIGINT"), sql::try_cast(b, "BIGINT")), "VARCHAR"),
                      sql::cast(sql::binary(op, sql::try_cast(a, "DOUBLE"), sql::try_cast(b, "DOUBLE")), "VARCHAR"));
}
ExprPtr add_dynamics(const CallSite& site) { return dynamic_arithmetic(site, "+"); }
ExprPtr subtract_dynamics(const CallSite& site) { return dynamic_arithmetic(site, "-"); }
ExprPtr multiply_dynamics(const CallSite& site) { return dynamic_arithmetic(site, "*"); }
ExprPtr divide_dynamics(const CallSite& site) { return dynamic_arithmetic(site, "/"); }
ExprPtr modulo_dynamics(const CallSite& site) { return dynamic_arithmetic(site, "%"); }

ExprPtr negate(const CallSite& site) { return typed(site, sql::negate(site.arguments[0])); }
ExprPtr negate_long(const CallSite& site) { return negated_long(site.arguments[0]); }
ExprPtr negate_dynamic(const CallSite& site) {
  return sql::cast(sql::negate(sql::try_cast(site.arguments[0], "DOUBLE")), "VARCHAR");
}
ExprPtr itself(const CallSite& site) { return site.arguments[0]; }

constexpr KqlOperator kArithmetic[] = {
    {"%", "(a: long, b: long) -> long", {"", &modulo_integers}},
    {"%", "(a: real, b: real) -> real", {"wardian_modulo_real", nullptr}},
    {"%", "(a: decimal, b: decimal) -> decimal", {"wardian_modulo_decimal", nullptr}},
    {"%", "(a: timespan, b: timespan) -> timespan", {"", &modulo_integers}},
    {"%", "(a: datetime, b: timespan) -> timespan", {"", &modulo_integers}},
    {"%", "(a: timespan, b: long) -> timespan", {"", &modulo_integers}},
    {"%", "(a: dynamic, b: dynamic) -> dynamic", {"", &modulo_dynamics}},
    {"*", "(a: long, b: long) -> long", {"wardian_multiply_wrapping", nullptr}},
    {"*", "(a: real, b: real) -> real", {"", &plain<kTimes>}},
    {"*", "(a: decimal, b: decimal) -> decimal", {"wardian_multiply_decimal", nullptr}},
    {"*", "(a: timespan, b: long) -> timespan", {"wardian_multiply_wrapping", nullptr}},
    {"*", "(a: long, b: timespan) -> timespan", {"wardian_multiply_wrapping", nullptr}},
    {"*", "(a: timespan, b: real) -> timespan", {"", &scale_ticks}},
    {"*", "(a: real, b: timespan) -> timespan", {"", &scale_ticks}},
    {"*", "(a: timespan, b: decimal) -> timespan", {"", &scale_ticks}},
    {"*", "(a: decimal, b: timespan) -> timespan", {"", &scale_ticks}},
    {"*", "(a: dynamic, b: dynamic) -> dynamic", {"", &multiply_dynamics}},
    {"+", "(a: long, b: long) -> long", {"wardian_add_wrapping", nullptr}},
    {"+", "(a: real, b: real) -> real", {"", &plain<kPlus>}},
    {"+", "(a: decimal, b: decimal) -> decimal", {"", &plain<kPlus>}},
    {"+", "(a: timespan, b: timespan) -> timespan", {"wardian_add_wrapping", nullptr}},
    {"+", "(a: datetime, b: timespan) -> datetime", {"wardian_add_wrapping", nullptr}},
    {"+", "(a: timespan, b: datetime) -> datetime", {"wardian_add_wrapping", nullptr}},
    {"+", "(a: dynamic, b: dynamic) -> dynamic", {"", &add_dynamics}},
    {"-", "(a: long, b: long) -> long", {"wardian_subtract_wrapping", nullptr}},
    {"-", "(a: real, b: real) -> real", {"", &plain<kMinus>}},
    {"-", "(a: decimal, b: decimal) -> decimal", {"", &plain<kMinus>}},
    {"-", "(a: timespan, b: timespan) -> timespan", {"wardian_subtract_wrapping", nullptr}},
    {"-", "(a: datetime, b: datetime) -> timespan", {"wardian_subtract_wrapping", nullptr}},
    {"-", "(a: datetime, b: timespan) -> datetime", {"wardian_subtract_wrapping", nullptr}},
    {"-", "(a: dynamic, b: dynamic) -> dynamic", {"", &subtract_dynamics}},
    {"/", "(a: long, b: long) -> long", {"", &divide_integers}},
    {"/", "(a: real, b: real) -> real", {"", &plain<kOver>}},
    {"/", "(a: decimal, b: decimal) -> decimal", {"wardian_divide_decimal", nullptr}},
    {"/", "(a: timespan, b: timespan) -> real", {"", &divide_ticks}},
    {"/", "(a: datetime, b: timespan) -> real", {"", &divide_ticks}},
    {"/", "(a: timespan, b: long) -> timespan", {"", &divide_integers}},
    {"/", "(a: timespan, b: real) -> timespan", {"", &split_ticks}},
    {"/", "(a: timespan, b: decimal) -> timespan", {"", &split_ticks}},
    {"/", "(a: dynamic, b: dynamic) -> dynamic", {"", &divide_dynamics}},
    {"unary +", "(a: N) -> N", {"", &itself}},
    {"unary +", "(a: timespan) -> timespan", {"", &itself}},
    {"unary +", "(a: dynamic) -> dynamic", {"", &itself}},
    {"unary -", "(a: int) -> int", {"", &negate}},
    {"unary -", "(a: long) -> long", {"", &negate_long}},
    {"unary -", "(a: real) -> real", {"", &negate}},
    {"unary -", "(a: decimal) -> decimal", {"", &negate}},
    {"unary -", "(a: timespan) -> timespan", {"", &negate_long}},
    {"unary -", "(a: dynamic) -> dynamic", {"", &negate_dynamic}},
};

}  // namespace

std::span<const KqlOperator> arithmetic_operators() { return kArithmetic; }

}  // namespace wardian::kql

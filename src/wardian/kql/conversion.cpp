#include "wardian/kql/binder.h"
#include "wardian/kql/constant_json.h"
#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/overload.h"

namespace wardian::kql {
namespace {

/// A string as a JSON string; cast() would read it as JSON, as todynamic() does.
sql::ExprPtr text_as_json(const plan::CallSite& site) { return to_json(site.arguments[0], Type::string); }
sql::ExprPtr to_result(const plan::CallSite& site) { return to_type(site.arguments[0], site.type(0), site.result); }

std::optional<Value> widened(const Value& value, Type type) {
  if (value.is_null() && value.type != Type::string) return columnar::null_of(type);
  const auto* whole = std::get_if<std::int64_t>(&value.held);
  if (whole == nullptr || !columnar::is_integer(value.type)) return std::nullopt;
  switch (type) {
    case Type::int64: return Value{type, *whole};
    case Type::real: return Value{type, static_cast<double>(*whole)};
    case Type::decimal: return Value{type, std::to_string(*whole)};
    default: return std::nullopt;
  }
}

}  // namespace

ExprPtr cast(ExprPtr expr, Type type) {
  if (expr->type == type) return expr;
  const SourceSpan span = expr->span;
  if (const auto* constant = std::get_if<plan::Constant>(&expr->node)) {
    if (auto value = widened(constant->value, type)) return constant_expr(std::move(*value), span);
  }
  return plan::make_expr(plan::Call{columnar::type_name(type), {"", &to_result}, {std::move(expr)}}, type, span);
}

ExprPtr convert(ExprPtr expr, Type type) {
  if (!converts_implicitly(expr->type, type)) return nullptr;
  return cast(std::move(expr), type);
}

ExprPtr to_dynamic(ExprPtr expr) {
  if (const auto* constant = std::get_if<plan::Constant>(&expr->node); constant != nullptr && expr->type != Type::dynamic) {
    const Value& value = constant->value;
    std::optional<std::string> json;
    if (const auto* truth = std::get_if<bool>(&value.held)) json = *truth ? "true" : "false";
    const auto* whole = std::get_if<std::int64_t>(&value.held);
    if (whole != nullptr && columnar::is_integer(value.type)) json = std::to_string(*whole);
    const auto* text = std::get_if<std::string>(&value.held);
    if (text != nullptr && value.type == Type::string) json = json_quoted(*text);
    if (json) return constant_expr(Value{Type::dynamic, std::move(*json)}, expr->span);
    if (value.is_null()) return constant_expr(columnar::null_of(Type::dynamic), expr->span);
  }
  if (expr->type != Type::string) return cast(std::move(expr), Type::dynamic);
  const SourceSpan span = expr->span;
  return plan::make_expr(plan::Call{"dynamic", {"", &text_as_json}, {std::move(expr)}}, Type::dynamic, span);
}

}  // namespace wardian::kql

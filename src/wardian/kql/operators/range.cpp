#include <cmath>

#include "wardian/kql/operators/operators.h"
#include "wardian/kql/overload.h"

namespace wardian::kql {
namespace {

Error no_range(SourceSpan span) {
  return error_at(ErrorCode::type_mismatch, "range takes numbers, datetimes or timespans", span);
}

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::RangeOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(ExprPtr from, binder.scalar(*node.from, site.env));
  WARDIAN_ASSIGN(ExprPtr to, binder.scalar(*node.to, site.env));
  WARDIAN_ASSIGN(ExprPtr step, binder.scalar(*node.step, site.env));
  const auto summable = [](Type type) { return columnar::is_numeric(type) || type == Type::datetime || type == Type::timespan; };
  if (!summable(from->type)) return no_range(node.from->span);
  if (!summable(to->type)) return no_range(node.to->span);
  if (!summable(step->type)) return no_range(node.step->span);
  auto type = common_type(from->type, to->type);
  if (!type) return no_range(node.to->span);
  const bool ticks = *type == Type::datetime || *type == Type::timespan;
  if (ticks) {
    if (step->type != Type::timespan) {
      return error_at(ErrorCode::type_mismatch, "The step between datetimes is a timespan", node.step->span);
    }
    step = convert(std::move(step), Type::timespan);
  } else {
    type = common_type(*type, step->type);
    if (!type) return no_range(node.step->span);
    step = convert(std::move(step), *type);
  }
  from = convert(std::move(from), *type);
  to = convert(std::move(to), *type);
  for (const auto& [expr, place] :
       {std::pair(from, node.from->span), std::pair(to, node.to->span), std::pair(step, node.step->span)}) {
    if (!is_constant(*expr)) return constant_expected(place);
  }
  if (!reads_tables(*step)) {
    WARDIAN_ASSIGN(const Value value, binder.constant(step, node.step->span));
    const auto* whole = std::get_if<std::int64_t>(&value.held);
    const auto* real = std::get_if<double>(&value.held);
    const auto* decimal = std::get_if<std::string>(&value.held);
    const bool none = decimal != nullptr && decimal->find_first_of("123456789") == std::string::npos;
    if (value.is_null() || (whole != nullptr && *whole == 0) || (real != nullptr && !(std::abs(*real) > 0)) || none)
      return error_at(ErrorCode::bad_argument, "A step other than 0 is needed here", node.step->span);
  }
  return plan::make_node(plan::Range{std::move(from), std::move(to), std::move(step)}, {{node.column.text, *type}}, true);
}

}  // namespace wardian::kql

#include "wardian/base/overloaded.h"
#include "wardian/kql/operators/join.h"
#include "wardian/kql/overload.h"

namespace wardian::kql {
namespace {

/// 0 or 1 when the expression's columns are all of that input, 2 when of both, nullopt when it has none.
std::optional<int> side_of(const plan::Expr& expr) {
  const auto all = [](const std::vector<ExprPtr>& parts) {
    std::optional<int> side;
    for (const ExprPtr& part : parts) {
      const auto own = side_of(*part);
      if (own) side = side && *side != *own ? 2 : *own;
    }
    return side;
  };
  return std::visit(overloaded{[](const plan::ColumnRef& ref) -> std::optional<int> { return static_cast<int>(ref.input); },
                               [&](const plan::Call& call) -> std::optional<int> { return all(call.arguments); },
                               [](const auto&) -> std::optional<int> { return std::nullopt; }},
                    expr.node);
}

Status add_key(JoinKeys& keys, ExprPtr left, ExprPtr right, SourceSpan span) {
  if (is_missing(left->type) || is_missing(right->type)) return {};
  const auto type = common_type(left->type, right->type);
  if (!type) {
    return error_at(ErrorCode::type_mismatch,
                    "The keys' types differ: " + std::string(columnar::type_name(left->type)) + " and " +
                        std::string(columnar::type_name(right->type)),
                    span, "Convert one of them before the join");
  }
  keys.emplace_back(cast(std::move(left), *type), cast(std::move(right), *type));
  return {};
}

/// $left.a, $right.a.b
bool is_column_of_side(const syntax::Expr& expr) {
  if (const auto* member = std::get_if<syntax::Member>(&expr.node)) {
    const auto* side = std::get_if<syntax::Name>(&member->source->node);
    return side != nullptr ? side->text == "$left" || side->text == "$right" : is_column_of_side(*member->source);
  }
  const auto* index = std::get_if<syntax::Index>(&expr.node);
  return index != nullptr && is_column_of_side(*index->source);
}

Status add_condition(Binder& binder, const syntax::Expr& expr, const NodePtr& left, const NodePtr& right,
                     const Environment& sides, JoinKeys& keys) {
  if (const auto* both = std::get_if<syntax::Logical>(&expr.node); both && both->op == syntax::LogicalOp::all_of) {
    for (const syntax::Expr& operand : both->operands) WARDIAN_TRY(add_condition(binder, operand, left, right, sides, keys));
    return {};
  }
  if (const auto* name = std::get_if<syntax::Name>(&expr.node)) {
    const auto a = columnar::find_column(left->schema, name->text);
    const auto b = columnar::find_column(right->schema, name->text);
    if ((!a && is_open(left->schema)) || (!b && is_open(right->schema))) return told();
    if (!a || !b) {
      return error_at(ErrorCode::unknown_name,
                      "The " +
                          std::string(a   ? "right"
                                      : b ? "left"
                                          : "left and the right") +
                          " table has no column of that name: " + name->text,
                      expr.span, "Keys of different names: $left.a == $right.b");
    }
    return add_key(keys, input_column(left->schema, *a, expr.span),
                   plan::make_expr(plan::ColumnRef{1, static_cast<std::uint32_t>(*b)}, right->schema[*b].type, expr.span),
                   expr.span);
  }
  const auto* equal = std::get_if<syntax::Binary>(&expr.node);
  if (equal == nullptr || equal->op != syntax::BinaryOp::equal) {
    return error_at(ErrorCode::wrong_context, "A join takes names of columns and equalities", expr.span,
                    "on a, or on $left.a == $right.b");
  }
  for (const syntax::Expr* operand : {equal->left.get(), equal->right.get()}) {
    if (is_column_of_side(*operand)) continue;
    return error_at(ErrorCode::wrong_context, "A column of $left or $right is needed here", operand->span,
                    "Compute it before the join: extend key = …");
  }
  WARDIAN_ASSIGN(auto operands, binder.both(*equal->left, *equal->right, sides));
  auto& [a, b] = operands;
  for (const auto& [side, at] : {std::pair(&a, equal->left->span), std::pair(&b, equal->right->span)}) {
    if ((*side)->type == Type::dynamic) return dynamic_as_key(at);
  }
  const auto a_side = side_of(*a);
  const auto b_side = side_of(*b);
  if (a_side == 0 && b_side == 1) return add_key(keys, std::move(a), std::move(b), expr.span);
  if (a_side == 1 && b_side == 0) return add_key(keys, std::move(b), std::move(a), expr.span);
  return error_at(ErrorCode::wrong_context, "One side of the equality is of $left, the other of $right", expr.span);
}

}  // namespace

Result<JoinKeys> join_keys(Binder& binder, const std::vector<syntax::Expr>& on, const NodePtr& left, const NodePtr& right,
                           const Environment& env) {
  Environment sides = env.over(*left);
  sides.right = &right->schema;
  JoinKeys keys;
  for (const syntax::Expr& each : on) {
    Status added = add_condition(binder, each, left, right, sides, keys);
    if (!added.ok()) WARDIAN_TRY(binder.note(std::move(added).error()));
  }
  return keys;
}

columnar::Schema joined_schema(const columnar::Schema& left, const columnar::Schema& right) {
  std::set<std::string, std::less<>> taken;
  for (const columnar::Column& column : left) taken.insert(column.name);
  std::vector<bool> clashes;
  for (const columnar::Column& column : right) clashes.push_back(taken.contains(column.name));
  for (const columnar::Column& column : right) taken.insert(column.name);
  columnar::Schema made = left;
  for (std::size_t at = 0; at < right.size(); ++at) {
    std::string name = right[at].name;
    for (int number = 1; clashes[at] && !taken.insert(name).second; ++number) {
      name = right[at].name + std::to_string(number);
    }
    made.push_back({std::move(name), right[at].type});
  }
  return made;
}

}  // namespace wardian::kql

#include <algorithm>

#include "wardian/kql/binder.h"

// Binding goes on after a mistake where parts do not depend on one another: statements, operators, named expressions,
// arguments. What depends on the mistake fails without a word of its own. Nothing runs any more once there is one.

namespace wardian::kql {
namespace {

/// No type of the language: that of an expression with a mistake in it, and of the columns of a table that nobody knows.
constexpr Type kMissing{0xFF}, kMissingColumns{0xFE};

/// Mistakes of whoever wrote the query, rather than the end of its run.
bool is_mistake(ErrorCode code) { return code < ErrorCode::execution && code != ErrorCode::too_deep; }

/// An error that columns nobody knows may be the reason of.
bool may_follow(ErrorCode code) {
  return code == ErrorCode::unknown_name || code == ErrorCode::type_mismatch || code == ErrorCode::wrong_context ||
         code == ErrorCode::duplicate_name || code == ErrorCode::bad_argument;
}

/// Operators whose output has the columns of the input whatever else they do.
template <class Node>
constexpr bool keeps_columns = std::is_same_v<Node, syntax::WhereOperator> || std::is_same_v<Node, syntax::SortOperator> ||
                               std::is_same_v<Node, syntax::TakeOperator> || std::is_same_v<Node, syntax::TopOperator> ||
                               std::is_same_v<Node, syntax::SampleOperator> || std::is_same_v<Node, syntax::AsOperator> ||
                               std::is_same_v<Node, syntax::RenderOperator> || std::is_same_v<Node, syntax::ConsumeOperator> ||
                               std::is_same_v<Node, syntax::AssertSchemaOperator>;

}  // namespace

Error told() { return {ErrorCode::internal, "", {}, {}}; }
bool is_told(const Error& error) { return error.code == ErrorCode::internal && error.message.empty(); }

bool is_missing(Type type) { return type == kMissing || type == kMissingColumns; }
ExprPtr missing_expr(SourceSpan span) { return constant_expr(Value{kMissing, std::monostate()}, span); }
ExprPtr missing_columns(SourceSpan span) { return constant_expr(Value{kMissingColumns, std::monostate()}, span); }
NodePtr missing_table() { return plan::make_node(plan::Rows{}, {{"*", kMissingColumns}}, true); }
bool is_open(const columnar::Schema& schema) {
  return std::ranges::find(schema, kMissingColumns, &columnar::Column::type) != schema.end();
}

Status Binder::note(Error mistake) {
  if (trials_ > 0 || undetermined_) return mistake;
  if (is_told(mistake)) return {};
  if (!is_mistake(mistake.code)) return mistake;
  mistakes_.add(std::move(mistake));
  if (mistakes_.full()) return told();
  return {};
}

Result<ExprPtr> Binder::scalar_or_missing(const syntax::Expr& expr, const Environment& env) {
  Result<ExprPtr> made = scalar(expr, env);
  if (made.ok()) return made;
  WARDIAN_TRY(note(std::move(made).error()));
  return missing_expr(expr.span);
}

Result<std::pair<ExprPtr, ExprPtr>> Binder::both(const syntax::Expr& left, const syntax::Expr& right, const Environment& env) {
  WARDIAN_ASSIGN(ExprPtr a, scalar_or_missing(left, env));
  WARDIAN_ASSIGN(ExprPtr b, scalar_or_missing(right, env));
  if (is_missing(a->type) || is_missing(b->type)) return told();
  return std::pair(std::move(a), std::move(b));
}

Result<Bound> Binder::after_mistake(const syntax::Operator& operation, const Bound& input, Error mistake) {
  const auto* held = std::get_if<NodePtr>(&input);
  const NodePtr table = held != nullptr ? *held : nullptr;
  const bool follows = table != nullptr && is_open(table->schema) && may_follow(mistake.code);
  WARDIAN_TRY(note(follows && trials_ == 0 ? told() : std::move(mistake)));
  return std::visit(
      [&]<class Node>(const Node&) -> Result<Bound> {
        if (!keeps_columns<Node> || table == nullptr) return Bound(missing_table());
        plan::Node ordered = *table;
        ordered.serialized = true;  // whatever the operator was to do, it may have been that
        return Bound(std::make_shared<const plan::Node>(std::move(ordered)));
      },
      operation.node);
}

}  // namespace wardian::kql

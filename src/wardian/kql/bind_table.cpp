#include "wardian/kql/binder.h"

// An expression where a table, or a graph, is needed.
namespace wardian::kql {

Result<NodePtr> Binder::table(const syntax::Expr& expr, const Environment& env) {
  Result<NodePtr> made = table_without_mistake(expr, env);
  if (made.ok()) return made;
  WARDIAN_TRY(note(std::move(made).error()));
  return missing_table();
}

Result<NodePtr> Binder::table_without_mistake(const syntax::Expr& expr, const Environment& env) {
  // A name in a table's place is looked up as one, so that the message speaks of tables.
  if (const auto* named = std::get_if<syntax::Name>(&expr.node)) return table_named({}, named->text, expr.span, env);
  WARDIAN_ASSIGN(Bound bound, any(expr, env.without_rows()));
  if (auto* made = std::get_if<NodePtr>(&bound)) return std::move(*made);
  if (!std::holds_alternative<GraphPtr>(bound)) return table_expected(expr.span);
  const auto* pipe = std::get_if<syntax::Pipe>(&expr.node);
  return graph_unexpected(pipe != nullptr && !pipe->operators.empty() ? pipe->operators.back().keyword : expr.span);
}

Result<Bound> Binder::table_or_graph(const syntax::Expr& expr, const Environment& env) {
  Result<Bound> made = table_or_graph_without_mistake(expr, env);
  if (made.ok()) return made;
  WARDIAN_TRY(note(std::move(made).error()));
  return Bound(missing_table());
}

Result<Bound> Binder::table_or_graph_without_mistake(const syntax::Expr& expr, const Environment& env) {
  if (const auto* named = std::get_if<syntax::Name>(&expr.node)) {
    const Meaning* meaning = env.scope ? env.scope->find(named->text) : nullptr;
    if (meaning != nullptr && !std::holds_alternative<NodePtr>(*meaning) && !std::holds_alternative<ScalarVariable>(*meaning)) {
      WARDIAN_ASSIGN(Bound bound, any(expr, env.without_rows()));
      if (std::holds_alternative<ExprPtr>(bound)) return table_expected(expr.span);
      return bound;
    }
    WARDIAN_ASSIGN(NodePtr made, table_named({}, named->text, expr.span, env));
    return Bound(std::move(made));
  }
  WARDIAN_ASSIGN(Bound bound, any(expr, env.without_rows()));
  if (std::holds_alternative<ExprPtr>(bound)) return table_expected(expr.span);
  return bound;
}

}  // namespace wardian::kql

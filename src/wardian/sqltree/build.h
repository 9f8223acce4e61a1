#pragma once

#include <initializer_list>

#include "wardian/sqltree/tree.h"

/// Short constructors, so that lowering reads like the SQL it makes.
namespace wardian::sqltree {

template <class Node>
ExprPtr make(Node node) {
  return std::make_shared<const Expr>(Expr{std::move(node)});
}

inline ExprPtr column(std::string name) { return make(ColumnRef{{}, std::move(name)}); }
inline ExprPtr column(std::string table, std::string name) { return make(ColumnRef{std::move(table), std::move(name)}); }
inline ExprPtr null() { return make(NullLiteral{}); }
inline ExprPtr boolean(bool value) { return make(BoolLiteral{value}); }
inline ExprPtr integer(std::int64_t value) { return make(IntegerLiteral{value}); }
inline ExprPtr real(double value) { return make(RealLiteral{value}); }
inline ExprPtr string(std::string value) { return make(StringLiteral{std::move(value)}); }
inline ExprPtr call(std::string function, std::vector<ExprPtr> arguments) {
  return make(Call{std::move(function), std::move(arguments), false, {}, nullptr});
}
inline ExprPtr binary(std::string op, ExprPtr left, ExprPtr right) {
  return make(Binary{std::move(op), std::move(left), std::move(right)});
}
inline ExprPtr logical_not(ExprPtr operand) { return make(Unary{"NOT", std::move(operand)}); }
inline ExprPtr negate(ExprPtr operand) { return make(Unary{"-", std::move(operand)}); }
inline ExprPtr is_null(ExprPtr operand) { return make(Postfix{std::move(operand), "IS NULL"}); }
inline ExprPtr is_not_null(ExprPtr operand) { return make(Postfix{std::move(operand), "IS NOT NULL"}); }
inline ExprPtr cast(ExprPtr operand, std::string type) { return make(Cast{std::move(operand), std::move(type), false}); }
inline ExprPtr try_cast(ExprPtr operand, std::string type) { return make(Cast{std::move(operand), std::move(type), true}); }
/// CASE WHEN condition THEN then ELSE otherwise END
inline ExprPtr if_else(ExprPtr condition, ExprPtr then, ExprPtr otherwise) {
  return make(Case{{{std::move(condition), std::move(then)}}, std::move(otherwise)});
}

inline TableRefPtr derived(QueryPtr query, std::string alias) {
  return std::make_shared<const TableRef>(TableRef{DerivedTable{std::move(query), std::move(alias), {}}});
}
inline QueryPtr query(Select select) { return std::make_shared<const Query>(Query{std::move(select), {}, nullptr}); }

}  // namespace wardian::sqltree

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wardian/sqltree/tree.h"

namespace wardian::sqltree {

/// Walks a tree and writes its text; print_expression.cpp and print_query.cpp have the members.
class TreePrinter {
 public:
  explicit TreePrinter(bool indented) : indented_(indented) {}
  std::string take() { return std::move(out_); }

  void query(const Query& query);
  /// In parentheses where the expression binds more loosely than `needed`.
  void expression(const Expr& expr, int needed = 0);

 private:
  template <class Items, class Print>
  void list(const Items& items, Print&& print_item) {
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ", ";
      first = false;
      print_item(item);
    }
  }
  void name(std::string_view text);
  void quoted(std::string_view text);
  void list(const std::vector<ExprPtr>& items);
  void print(const ColumnRef& node);
  void print(const NullLiteral&);
  void print(const BoolLiteral& node);
  void print(const IntegerLiteral& node);
  void print(const RealLiteral& node);
  void print(const StringLiteral& node);
  void print(const TypedLiteral& node);
  void print(const ListLiteral& node);
  void print(const StructLiteral& node);
  void print(const Call& node);
  void print(const Binary& node);
  void print(const Unary& node);
  void print(const Postfix& node);
  void print(const Cast& node);
  void print(const Case& node);
  void print(const InList& node);
  void print(const InQuery& node);
  void print(const Subquery& node);
  void print(const Lambda& node);
  void print(const Window& node);
  void print(const Star& node);

  void line();
  void parenthesised(const Query& inner);
  void order_by(const std::vector<OrderKey>& keys, bool own_line);
  void clause(std::string_view word, const ExprPtr& expr);
  void select(const Select& body);
  void values(const Values& body);
  void set_operation(const SetOperation& body);
  void aliases(const std::string& alias, const std::vector<std::string>& columns);
  void table(const TableRef& ref);

  std::string out_;
  bool indented_;
  std::size_t depth_ = 0;
};

}  // namespace wardian::sqltree

#include <array>
#include <charconv>
#include <cmath>

#include "wardian/sqltree/precedence.h"
#include "wardian/sqltree/printer.h"
#include "wardian/sqltree/tree_printer.h"

namespace wardian::sqltree {

void TreePrinter::expression(const Expr& expr, int needed) {
  const int own = strength(expr);
  if (own < needed) out_ += '(';
  std::visit([&](const auto& node) { print(node); }, expr.node);
  if (own < needed) out_ += ')';
}

void TreePrinter::name(std::string_view text) { out_ += quoted_name(text); }

void TreePrinter::quoted(std::string_view text) {
  out_ += '\'';
  for (const char c : text) {
    if (c == '\'') out_ += '\'';
    out_ += c;
  }
  out_ += '\'';
}

void TreePrinter::list(const std::vector<ExprPtr>& items) {
  list(items, [&](const ExprPtr& item) { expression(*item); });
}

void TreePrinter::print(const ColumnRef& node) {
  if (!node.table.empty()) {
    name(node.table);
    out_ += '.';
  }
  name(node.name);
}

void TreePrinter::print(const NullLiteral&) { out_ += "NULL"; }

void TreePrinter::print(const BoolLiteral& node) { out_ += node.value ? "TRUE" : "FALSE"; }

void TreePrinter::print(const IntegerLiteral& node) { out_ += std::to_string(node.value); }

void TreePrinter::print(const RealLiteral& node) {
  if (std::isnan(node.value)) {
    out_ += "CAST('NaN' AS DOUBLE)";
  } else if (std::isinf(node.value)) {
    out_ += node.value > 0 ? "CAST('Infinity' AS DOUBLE)" : "CAST('-Infinity' AS DOUBLE)";
  } else {
    std::array<char, 40> text;  // shortest form that reads back the same; with an exponent, or it would be a DECIMAL
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), node.value, std::chars_format::scientific);
    out_.append(text.data(), end);
  }
}

void TreePrinter::print(const StringLiteral& node) {
  // The engine's lexer ends at a NUL byte, so that one is spliced in.
  std::string_view rest = node.value;
  for (std::size_t at = rest.find('\0'); at != std::string_view::npos; at = rest.find('\0')) {
    quoted(rest.substr(0, at));
    out_ += " || chr(0) || ";
    rest.remove_prefix(at + 1);
  }
  quoted(rest);
}

void TreePrinter::print(const TypedLiteral& node) {
  out_ += "CAST(";
  quoted(node.text);
  out_ += " AS " + node.type + ")";
}

void TreePrinter::print(const ListLiteral& node) {
  out_ += '[';
  list(node.items);
  out_ += ']';
}

void TreePrinter::print(const StructLiteral& node) {
  out_ += '{';
  list(node.fields, [&](const auto& field) {
    quoted(field.first);
    out_ += ": ";
    expression(*field.second);
  });
  out_ += '}';
}

void TreePrinter::print(const Call& node) {
  out_ += node.function + "(";
  if (node.distinct) out_ += "DISTINCT ";
  list(node.arguments);
  if (!node.order_by.empty()) order_by(node.order_by, false);
  out_ += ')';
  if (node.filter) {
    out_ += " FILTER (WHERE ";
    expression(*node.filter);
    out_ += ')';
  }
}

void TreePrinter::print(const Binary& node) {
  const OperatorRow row = operator_row(node.op);
  const int same_allowed = row.strength;
  const int stronger = row.listed ? row.strength + 1 : kAtom;
  const auto same_op = [&](const Expr& operand) {
    const auto* inner = std::get_if<Binary>(&operand.node);
    return row.associative && inner != nullptr && inner->op == node.op;
  };
  const bool left_free = row.associative ? same_op(*node.left) : row.strength == kSum || row.strength == kProduct;
  expression(*node.left, left_free ? same_allowed : stronger);
  out_ += ' ' + node.op + ' ';
  expression(*node.right, same_op(*node.right) ? same_allowed : stronger);
}

void TreePrinter::print(const Unary& node) {
  out_ += node.op;
  if (node.op == "NOT") out_ += ' ';
  expression(*node.operand, node.op == "NOT" ? kNot : kPostfix);  // "- -1" would be a comment without parentheses
}

void TreePrinter::print(const Postfix& node) {
  expression(*node.operand, kComparison);
  out_ += ' ' + node.op;
}

void TreePrinter::print(const Cast& node) {
  out_ += node.try_cast ? "TRY_CAST(" : "CAST(";
  expression(*node.operand);
  out_ += " AS " + node.type + ")";
}

void TreePrinter::print(const Case& node) {
  out_ += "CASE";
  for (const auto& [condition, value] : node.branches) {
    out_ += " WHEN ";
    expression(*condition);
    out_ += " THEN ";
    expression(*value);
  }
  if (node.otherwise) {
    out_ += " ELSE ";
    expression(*node.otherwise);
  }
  out_ += " END";
}

void TreePrinter::print(const InList& node) {
  expression(*node.value, kOther);
  out_ += node.negated ? " NOT IN (" : " IN (";
  list(node.items);
  out_ += ')';
}

void TreePrinter::print(const InQuery& node) {
  expression(*node.value, kOther);
  out_ += node.negated ? " NOT IN " : " IN ";
  parenthesised(*node.query);
}

void TreePrinter::print(const Subquery& node) { parenthesised(*node.query); }

void TreePrinter::print(const Lambda& node) {
  out_ += "lambda ";
  list(node.parameters, [&](const std::string& parameter) { name(parameter); });
  out_ += ": ";
  expression(*node.body);
}

void TreePrinter::print(const Window& node) {
  expression(*node.call, kAtom);
  out_ += " OVER (";
  if (!node.partition_by.empty()) {
    out_ += "PARTITION BY ";
    list(node.partition_by);
  }
  if (!node.order_by.empty()) order_by(node.order_by, false);
  if (!node.frame.empty()) {
    if (out_.back() != '(') out_ += ' ';
    out_ += node.frame;
  }
  out_ += ')';
}

void TreePrinter::print(const Star& node) {
  if (!node.table.empty()) {
    name(node.table);
    out_ += '.';
  }
  out_ += '*';
}

}  // namespace wardian::sqltree

#include "wardian/sqltree/printer.h"

#include <array>
#include <charconv>
#include <cmath>

#include "wardian/base/overloaded.h"

namespace wardian::sqltree {
namespace {

/// Binding strength in DuckDB's grammar, weakest first. An operand is put in parentheses unless it binds more tightly
/// than the operator around it, so `a - (b - c)` and `(a = b) = c` keep theirs.
enum Strength : int { kOr = 1, kAnd, kNot, kIs, kComparison, kPattern, kOther, kSum, kProduct, kPower, kSign, kPostfix, kAtom };

struct OperatorRow {
  std::string_view op;
  Strength strength;
  bool associative;  // (a op b) op c needs no parentheses, and neither does a op (b op c)
  bool listed = true;
};
constexpr std::array kOperators = {
    OperatorRow{"OR", kOr, true},
    OperatorRow{"AND", kAnd, true},
    OperatorRow{"=", kComparison, false},
    OperatorRow{"<>", kComparison, false},
    OperatorRow{"<", kComparison, false},
    OperatorRow{"<=", kComparison, false},
    OperatorRow{">", kComparison, false},
    OperatorRow{">=", kComparison, false},
    OperatorRow{"IS DISTINCT FROM", kIs, false},
    OperatorRow{"IS NOT DISTINCT FROM", kIs, false},
    OperatorRow{"LIKE", kPattern, false},
    OperatorRow{"ILIKE", kPattern, false},
    OperatorRow{"NOT LIKE", kPattern, false},
    OperatorRow{"NOT ILIKE", kPattern, false},
    OperatorRow{"||", kOther, true},
    OperatorRow{"&", kOther, false},
    OperatorRow{"|", kOther, false},
    OperatorRow{"<<", kOther, false},
    OperatorRow{">>", kOther, false},
    OperatorRow{"->", kOther, false},
    OperatorRow{"->>", kOther, false},
    OperatorRow{"+", kSum, false},
    OperatorRow{"-", kSum, false},
    OperatorRow{"*", kProduct, false},
    OperatorRow{"/", kProduct, false},
    OperatorRow{"//", kProduct, false},
    OperatorRow{"%", kProduct, false},
    OperatorRow{"^", kPower, false},
};

/// An operator nobody listed is printed safely: every operand in parentheses, itself weakest.
OperatorRow operator_row(std::string_view op) {
  for (const OperatorRow& row : kOperators) {
    if (row.op == op) return row;
  }
  return {op, kOr, false, false};
}

class Printer {
 public:
  explicit Printer(bool indented) : indented_(indented) {}
  std::string take() { return std::move(out_); }

  void query(const Query& query) {
    if (!query.with.empty()) {
      out_ += "WITH ";
      for (std::size_t at = 0; at < query.with.size(); ++at) {
        if (at > 0) out_ += ", ";
        name(query.with[at].name);
        out_ += query.with[at].materialized ? " AS MATERIALIZED " : " AS ";
        parenthesised(*query.with[at].query);
      }
      line();
    }
    std::visit(overloaded{[&](const Select& body) { select(body); }, [&](const Values& body) { values(body); },
                          [&](const SetOperation& body) { set_operation(body); }},
               query.body);
    order_by(query.order_by, true);
    clause("LIMIT ", query.limit);
    clause("OFFSET ", query.offset);
  }

  void expression(const Expr& expr, int needed = 0) {
    const int own = strength(expr);
    if (own < needed) out_ += '(';
    std::visit([&](const auto& node) { print(node); }, expr.node);
    if (own < needed) out_ += ')';
  }

 private:
  static int strength(const Expr& expr) {
    return std::visit(
        overloaded{
            [](const Binary& node) -> int { return operator_row(node.op).strength; },
            [](const Unary& node) -> int { return node.op == "NOT" ? kNot : kSign; }, [](const Postfix&) -> int { return kIs; },
            [](const InList&) -> int { return kPattern; }, [](const InQuery&) -> int { return kPattern; },
            [](const Exists& node) -> int { return node.negated ? kNot : kAtom; }, [](const Lambda&) -> int { return kOr; },
            [](const IntegerLiteral& node) -> int { return node.value < 0 ? kSign : kAtom; },
            [](const RealLiteral& node) -> int { return std::signbit(node.value) ? kSign : kAtom; },
            [](const StringLiteral& node) -> int { return node.value.find('\0') == std::string::npos ? kAtom : kOther; },
            [](const auto&) -> int { return kAtom; }},
        expr.node);
  }

  void name(std::string_view text) { out_ += quoted_name(text); }

  void quoted(std::string_view text) {
    out_ += '\'';
    for (const char c : text) {
      if (c == '\'') out_ += '\'';
      out_ += c;
    }
    out_ += '\'';
  }

  template <class Items, class Print>
  void list(const Items& items, Print&& print_item) {
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ", ";
      first = false;
      print_item(item);
    }
  }
  void list(const std::vector<ExprPtr>& items) {
    list(items, [&](const ExprPtr& item) { expression(*item); });
  }

  void line() {
    if (!indented_) {
      if (!out_.empty() && out_.back() != ' ' && out_.back() != '(') out_ += ' ';
      return;
    }
    out_ += '\n';
    out_.append(2 * depth_, ' ');
  }

  void parenthesised(const Query& inner) {
    out_ += '(';
    ++depth_;
    if (indented_) line();
    query(inner);
    --depth_;
    if (indented_) line();
    out_ += ')';
  }

  void print(const ColumnRef& node) {
    if (!node.table.empty()) {
      name(node.table);
      out_ += '.';
    }
    name(node.name);
  }
  void print(const NullLiteral&) { out_ += "NULL"; }
  void print(const BoolLiteral& node) { out_ += node.value ? "TRUE" : "FALSE"; }
  void print(const IntegerLiteral& node) { out_ += std::to_string(node.value); }
  void print(const RealLiteral& node) {
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
  void print(const StringLiteral& node) {
    // The engine's lexer ends at a NUL byte, so that one is spliced in.
    std::string_view rest = node.value;
    for (std::size_t at = rest.find('\0'); at != std::string_view::npos; at = rest.find('\0')) {
      quoted(rest.substr(0, at));
      out_ += " || chr(0) || ";
      rest.remove_prefix(at + 1);
    }
    quoted(rest);
  }
  void print(const TypedLiteral& node) {
    out_ += "CAST(";
    quoted(node.text);
    out_ += " AS " + node.type + ")";
  }
  void print(const ListLiteral& node) {
    out_ += '[';
    list(node.items);
    out_ += ']';
  }
  void print(const StructLiteral& node) {
    out_ += '{';
    list(node.fields, [&](const auto& field) {
      quoted(field.first);
      out_ += ": ";
      expression(*field.second);
    });
    out_ += '}';
  }
  void print(const Call& node) {
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
  void print(const Binary& node) {
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
  void print(const Unary& node) {
    out_ += node.op;
    if (node.op == "NOT") out_ += ' ';
    expression(*node.operand, node.op == "NOT" ? kNot : kPostfix);  // "- -1" would be a comment without parentheses
  }
  void print(const Postfix& node) {
    expression(*node.operand, kComparison);
    out_ += ' ' + node.op;
  }
  void print(const Cast& node) {
    out_ += node.try_cast ? "TRY_CAST(" : "CAST(";
    expression(*node.operand);
    out_ += " AS " + node.type + ")";
  }
  void print(const Case& node) {
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
  void print(const InList& node) {
    expression(*node.value, kOther);
    out_ += node.negated ? " NOT IN (" : " IN (";
    list(node.items);
    out_ += ')';
  }
  void print(const InQuery& node) {
    expression(*node.value, kOther);
    out_ += node.negated ? " NOT IN " : " IN ";
    parenthesised(*node.query);
  }
  void print(const Exists& node) {
    out_ += node.negated ? "NOT EXISTS " : "EXISTS ";
    parenthesised(*node.query);
  }
  void print(const Subquery& node) { parenthesised(*node.query); }
  void print(const Lambda& node) {
    out_ += "lambda ";
    list(node.parameters, [&](const std::string& parameter) { name(parameter); });
    out_ += ": ";
    expression(*node.body);
  }
  void print(const Index& node) {
    expression(*node.value, kAtom);
    out_ += '[';
    expression(*node.index);
    out_ += ']';
  }
  void print(const Field& node) {
    out_ += '(';
    expression(*node.value);
    out_ += ").";
    name(node.name);
  }
  void print(const Window& node) {
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
  void print(const Star& node) {
    if (!node.table.empty()) {
      name(node.table);
      out_ += '.';
    }
    out_ += '*';
  }

  void order_by(const std::vector<OrderKey>& keys, bool own_line) {
    if (keys.empty()) return;
    if (own_line) {
      line();
    } else if (out_.back() != '(') {
      out_ += ' ';
    }
    out_ += "ORDER BY ";
    list(keys, [&](const OrderKey& key) {
      expression(*key.expr);
      out_ += key.descending ? " DESC" : " ASC";
      out_ += key.nulls == Nulls::first ? " NULLS FIRST" : " NULLS LAST";
    });
  }

  void clause(std::string_view word, const ExprPtr& expr) {
    if (!expr) return;
    line();
    out_ += word;
    expression(*expr);
  }

  void select(const Select& body) {
    out_ += "SELECT ";
    if (!body.distinct_on.empty()) {
      out_ += "DISTINCT ON (";
      list(body.distinct_on);
      out_ += ") ";
    } else if (body.distinct) {
      out_ += "DISTINCT ";
    }
    list(body.items, [&](const SelectItem& item) {
      expression(*item.expr, kOr);
      const auto* column = std::get_if<ColumnRef>(&item.expr->node);
      if (!item.alias.empty() && (column == nullptr || column->name != item.alias)) {
        out_ += " AS ";
        name(item.alias);
      }
    });
    if (body.from) {
      line();
      out_ += "FROM ";
      table(*body.from);
    }
    clause("WHERE ", body.where);
    if (!body.group_by.empty()) {
      line();
      out_ += "GROUP BY ";
      list(body.group_by);
    }
    clause("HAVING ", body.having);
    clause("QUALIFY ", body.qualify);
  }

  void values(const Values& body) {
    out_ += "VALUES ";
    list(body.rows, [&](const std::vector<ExprPtr>& row) {
      out_ += '(';
      list(row);
      out_ += ')';
    });
  }

  void set_operation(const SetOperation& body) {
    for (std::size_t at = 0; at < body.inputs.size(); ++at) {
      if (at > 0) {
        line();
        out_ += body.op;
        line();
      }
      parenthesised(*body.inputs[at]);
    }
  }

  void aliases(const std::string& alias, const std::vector<std::string>& columns) {
    if (alias.empty()) return;
    out_ += " AS ";
    name(alias);
    if (columns.empty()) return;
    out_ += '(';
    list(columns, [&](const std::string& column) { name(column); });
    out_ += ')';
  }

  void table(const TableRef& ref) {
    std::visit(overloaded{[&](const NamedTable& node) {
                            for (std::size_t at = 0; at < node.path.size(); ++at) {
                              if (at > 0) out_ += '.';
                              name(node.path[at]);
                            }
                            aliases(node.alias, {});
                          },
                          [&](const FunctionTable& node) {
                            print(node.call);
                            aliases(node.alias, node.column_aliases);
                          },
                          [&](const DerivedTable& node) {
                            if (node.lateral) out_ += "LATERAL ";
                            parenthesised(*node.query);
                            aliases(node.alias, node.column_aliases);
                          },
                          [&](const JoinedTable& node) {
                            table(*node.left);
                            line();
                            out_ += node.kind + " JOIN ";
                            const bool nested = std::holds_alternative<JoinedTable>(node.right->node);
                            if (nested) out_ += '(';
                            table(*node.right);
                            if (nested) out_ += ')';
                            if (node.on) {
                              out_ += " ON ";
                              expression(*node.on);
                            }
                          }},
               ref.node);
  }

  std::string out_;
  bool indented_;
  std::size_t depth_ = 0;
};

}  // namespace

std::string quoted_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  quoted += '"';
  return quoted;
}

std::string print(const Query& query) {
  Printer printer(false);
  printer.query(query);
  return printer.take();
}

std::string print_indented(const Query& query) {
  Printer printer(true);
  printer.query(query);
  return printer.take();
}

std::string print(const Expr& expr) {
  Printer printer(false);
  printer.expression(expr);
  return printer.take();
}

}  // namespace wardian::sqltree

#include "wardian/base/overloaded.h"
#include "wardian/sqltree/precedence.h"
#include "wardian/sqltree/tree_printer.h"

namespace wardian::sqltree {

void TreePrinter::query(const Query& query) {
  std::visit(overloaded{[&](const Select& body) { select(body); }, [&](const Values& body) { values(body); },
                        [&](const SetOperation& body) { set_operation(body); }},
             query.body);
  order_by(query.order_by, true);
  clause("LIMIT ", query.limit);
}

void TreePrinter::line() {
  if (!indented_) {
    if (!out_.empty() && out_.back() != ' ' && out_.back() != '(') out_ += ' ';
    return;
  }
  out_ += '\n';
  out_.append(2 * depth_, ' ');
}

void TreePrinter::parenthesised(const Query& inner) {
  out_ += '(';
  ++depth_;
  if (indented_) line();
  query(inner);
  --depth_;
  if (indented_) line();
  out_ += ')';
}

void TreePrinter::order_by(const std::vector<OrderKey>& keys, bool own_line) {
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

void TreePrinter::clause(std::string_view word, const ExprPtr& expr) {
  if (!expr) return;
  line();
  out_ += word;
  expression(*expr);
}

void TreePrinter::select(const Select& body) {
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
  clause("QUALIFY ", body.qualify);
}

void TreePrinter::values(const Values& body) {
  out_ += "VALUES ";
  list(body.rows, [&](const std::vector<ExprPtr>& row) {
    out_ += '(';
    list(row);
    out_ += ')';
  });
}

void TreePrinter::set_operation(const SetOperation& body) {
  for (std::size_t at = 0; at < body.inputs.size(); ++at) {
    if (at > 0) {
      line();
      out_ += body.op;
      line();
    }
    parenthesised(*body.inputs[at]);
  }
}

void TreePrinter::aliases(const std::string& alias, const std::vector<std::string>& columns) {
  if (alias.empty()) return;
  out_ += " AS ";
  name(alias);
  if (columns.empty()) return;
  out_ += '(';
  list(columns, [&](const std::string& column) { name(column); });
  out_ += ')';
}

void TreePrinter::table(const TableRef& ref) {
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

}  // namespace wardian::sqltree

#include "wardian/sqltree/printer.h"

#include "wardian/sqltree/tree_printer.h"

namespace wardian::sqltree {

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
  TreePrinter printer(false);
  printer.query(query);
  return printer.take();
}

std::string print_indented(const Query& query) {
  TreePrinter printer(true);
  printer.query(query);
  return printer.take();
}

std::string print(const Expr& expr) {
  TreePrinter printer(false);
  printer.expression(expr);
  return printer.take();
}

}  // namespace wardian::sqltree

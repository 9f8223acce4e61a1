#include <cstdio>
#include <string>
#include <string_view>

#include "wardian/kernels/json_text.h"
#include "wardian/kql/bind_functions.h"
#include "wardian/kql/function_table.h"
#include "wardian/kql/graph/bind_pattern_name.h"
#include "wardian/kql/operators/operator_rows.h"
#include "wardian/kql/plugins/plugin.h"

// The rows that the binder reads, one JSON object a line.
namespace {

void show(std::string_view kind, std::string_view name, std::string_view form, std::string_view summary, bool built = true) {
  std::string out = "{\"kind\":";
  wardian::kernels::append_json_string(out, kind);
  out += ",\"name\":";
  wardian::kernels::append_json_string(out, name);
  out += ",\"form\":";
  wardian::kernels::append_json_string(out, form);
  out += ",\"summary\":";
  wardian::kernels::append_json_string(out, summary);
  out += std::string(",\"built\":") + (built ? "true" : "false") + "}\n";
  std::fputs(out.c_str(), stdout);
}

template <class Row>
void show_row(std::string_view kind, const Row& row) {
  show(kind, row.name, std::string(row.name) + std::string(row.signature), row.summary);
}

}  // namespace

int main() {
  namespace kql = wardian::kql;
  for (const auto family : kql::function_families())
    for (const auto& row : family) show_row("function", row);
  for (const auto family : kql::aggregate_families())
    for (const auto& row : family) show_row("aggregate", row);
  // Two that summarize binds without a row: each gives several columns.
  show("aggregate", "percentiles", "percentiles(value, percentage, ...)", "Percentiles of the values, a column for each.");
  show("aggregate", "percentilesw", "percentilesw(value, weight, percentage, ...)",
       "Percentiles of values that stand for as many as their weights say, a column for each.");
  for (const auto& row : kql::window_functions()) show_row("window function", row);
  for (const auto family : kql::binder_function_families())
    for (const auto& row : family) show("function", row.name, std::string(row.name) + std::string(row.usage), row.summary);
  for (const auto& row : kql::pattern_functions())
    show("function", row.name, std::string(row.name) + std::string(row.usage), row.summary);
  for (const auto& row : kql::tabular_operators())
    show("operator", row.name, row.syntax, row.summary, kql::is_bound_operator(row.name));
  for (const auto& row : kql::scalar_operators()) show("scalar operator", row.name, row.syntax, row.summary);
  for (const auto& row : kql::statements()) show("statement", row.name, row.syntax, row.summary);
  for (const auto& row : kql::plugins())
    show("plugin", row.name, std::string(row.name) + std::string(row.signature.empty() ? "(…)" : row.signature), row.summary,
         row.bind != nullptr);
  return 0;
}

#include "wardian/kql/operators/take.h"
#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/query_body.h"

namespace wardian::kql {

/// Two results: the first rows, and behind them how many there are.
OperatorResult bind_preview(Binder& binder, const PluginCall& call) {
  const PluginArgument& argument = call.arguments.at("NumberOfRows");
  WARDIAN_ASSIGN(ExprPtr rows, row_count(binder, *argument.written, call.site.env, call.site.input));
  const NodePtr table = run_once(binder, call.site.input, "preview");
  WARDIAN_ASSIGN(NodePtr count, bind_body(binder, "T | count", {{"T", table}}, call.name().span));
  binder.extra_results.push_back({std::move(count), "", std::nullopt});
  return limited(table, std::move(rows));
}

}  // namespace wardian::kql

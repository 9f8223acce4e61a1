#include "wardian/kql/plugins/plugin_table.h"
#include "wardian/kql/plugins/query_body.h"

namespace wardian::kql {

/// The table as it is.
OperatorResult bind_identity(Binder&, const PluginCall& call) { return call.site.input; }

/// How many rows there are: here no estimate is needed.
OperatorResult bind_estimate_rows_count(Binder& binder, const PluginCall& call) {
  return bind_body(binder, "T | count | project EstimatedRowsCount = Count", {{"T", call.site.input}}, call.name().span);
}

}  // namespace wardian::kql

#include "wardian/kql/plugins/pattern_plugin.h"
#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {

/// A few patterns of the columns' values that say much of many rows.
OperatorResult bind_autocluster(Binder& binder, const PluginCall& call) {
  WARDIAN_ASSIGN(const double size_weight, number_between(binder, call, "SizeWeight", 0, 1, 0.5));
  WARDIAN_ASSIGN(const double seeds, number_between(binder, call, "NumSeeds", 1, 10'000, 25));
  return patterns_of_all(binder, call, [&](std::vector<std::string> names) {
    return std::make_shared<algorithm::AutoCluster>(std::move(names), size_weight, static_cast<std::size_t>(seeds));
  });
}

}  // namespace wardian::kql

#include "wardian/kql/plugins/pattern_plugin.h"
#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {

/// The frequent patterns of the columns' values.
OperatorResult bind_basket(Binder& binder, const PluginCall& call) {
  WARDIAN_ASSIGN(const double threshold, number_between(binder, call, "Threshold", 0.015, 1, 0.05));
  WARDIAN_ASSIGN(const double dimensions, number_between(binder, call, "MaxDimensions", 1, 1000, 5));
  return patterns_of_all(binder, call, [&](std::vector<std::string> names) {
    return std::make_shared<algorithm::Basket>(std::move(names), threshold, static_cast<std::size_t>(dimensions));
  });
}

}  // namespace wardian::kql

#include "wardian/kql/plugins/pattern_plugin.h"
#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {

/// A few patterns of the columns' values that say much of many rows.
OperatorResult bind_autocluster(Binder& binder, const PluginCall& call) {
  WARDIAN_ASSIGN(const double size_weight, number_between(binder, call, "SizeWeight", 0, 1, 0.5));
  WARDIAN_ASSIGN(const double seeds, number_between(binder, call, "NumSeeds", 1, 10'000, 25));
  WARDIAN_ASSIGN(ExprPtr weight, row_weight(binder, call, nullptr));
  const auto weighed = weight_column(call);
  const columnar::Schema& schema = call.site.input->schema;
  const std::vector<std::size_t> columns =
      pattern_columns(schema, weighed ? std::span<const std::size_t>(&*weighed, 1) : std::span<const std::size_t>());
  return patterns_found(
      binder, call,
      std::make_shared<algorithm::AutoCluster>(names_of(schema, columns), size_weight, static_cast<std::size_t>(seeds)), columns,
      std::move(weight), constant_expr(Value{Type::real, 0.0}), std::nullopt);
}

}  // namespace wardian::kql

#include "wardian/kql/plugins/pattern_plugin.h"
#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {

/// The frequent patterns of the columns' values.
OperatorResult bind_basket(Binder& binder, const PluginCall& call) {
  WARDIAN_ASSIGN(const double threshold, number_between(binder, call, "Threshold", 0.015, 1, 0.05));
  WARDIAN_ASSIGN(const double dimensions, number_between(binder, call, "MaxDimensions", 1, 1000, 5));
  WARDIAN_ASSIGN(ExprPtr weight, row_weight(binder, call, nullptr));
  const auto weighed = weight_column(call);
  const columnar::Schema& schema = call.site.input->schema;
  const std::vector<std::size_t> columns =
      pattern_columns(schema, weighed ? std::span<const std::size_t>(&*weighed, 1) : std::span<const std::size_t>());
  return patterns_found(
      binder, call,
      std::make_shared<algorithm::Basket>(names_of(schema, columns), threshold, static_cast<std::size_t>(dimensions)), columns,
      std::move(weight), constant_expr(Value{Type::real, 0.0}), std::nullopt);
}

}  // namespace wardian::kql

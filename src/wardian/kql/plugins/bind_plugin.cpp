#include <algorithm>
#include <cstdint>

#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/plugin.h"

namespace wardian::kql {
namespace {

/// The overload that takes so many arguments, else the one that takes nearly as many, whose count is then told in an error.
const Plugin& overload_for(std::span<const Plugin> overloads, std::size_t arguments) {
  const Plugin* nearest = &overloads.back();
  std::size_t nearest_by = SIZE_MAX;
  for (const Plugin& each : overloads) {
    if (each.signature.empty()) return each;
    const auto parameters = parse_plugin_signature(each.signature);
    if (!parameters.ok()) continue;
    const auto [least, most] = argument_counts(*parameters);
    if (arguments >= least && (!most || arguments <= *most)) return each;
    const std::size_t by = arguments < least ? least - arguments : arguments - *most;
    if (by > nearest_by) continue;
    nearest = &each;
    nearest_by = by;
  }
  return *nearest;
}

}  // namespace

OperatorResult bind_plugin(Binder& binder, std::span<const Plugin> overloads, const syntax::EvaluateOperator& node,
                           const OperatorSite& site) {
  const Plugin& plugin = overload_for(overloads, node.plugin.arguments.size());
  PluginCall call{plugin, node, site, {}};
  if (!plugin.signature.empty()) {
    WARDIAN_ASSIGN(call.arguments, bind_plugin_arguments(binder, plugin, node.plugin, site));
  }
  WARDIAN_ASSIGN(NodePtr made, plugin.bind(binder, call));
  if (!node.schema || plugin.declares) return made;
  return as_declared(std::move(made), *node.schema, site.input);
}

OperatorResult as_declared(NodePtr table, const syntax::Schema& schema, const NodePtr& input) {
  const auto declared = [&](const std::string& name) {
    return std::ranges::any_of(schema.columns, [&](const auto& column) { return !column.star && column.name.text == name; });
  };
  std::vector<plan::NamedExpr> columns;
  for (const syntax::SchemaColumn& column : schema.columns) {
    if (column.star) {
      for (std::size_t at = 0; at < table->schema.size(); ++at) {
        const std::string& name = table->schema[at].name;
        const bool given = input == nullptr || columnar::find_column(input->schema, name).has_value();
        if (given && !declared(name)) columns.push_back({name, input_column(table->schema, at)});
      }
      continue;
    }
    const auto at = columnar::find_column(table->schema, column.name.text);
    if (!at) {
      return error_at(ErrorCode::bad_argument, "The plugin gives no column of that name: " + column.name.text, column.name.span);
    }
    columns.push_back({column.name.text, cast(input_column(table->schema, *at), column.type)});
  }
  return project(std::move(table), std::move(columns));
}

}  // namespace wardian::kql

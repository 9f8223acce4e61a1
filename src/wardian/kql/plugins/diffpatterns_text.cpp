#include "wardian/algorithm/diff_text.h"

#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/pattern_plugin.h"
#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {

/// Runs of words that are more common where the condition holds than where it does not.
OperatorResult bind_diffpatterns_text(Binder& binder, const PluginCall& call) {
  algorithm::DiffText::Options options;
  WARDIAN_ASSIGN(const double least, number_between(binder, call, "MinTokens", 0, 200, 1));
  WARDIAN_ASSIGN(const double most, number_between(binder, call, "MaxTokens", 0, 20, 20));
  WARDIAN_ASSIGN(options.threshold, number_between(binder, call, "Threshold", 0.015, 1, 0.05));
  options.tokens_min = static_cast<std::size_t>(least);
  options.tokens_max = std::max<std::size_t>(static_cast<std::size_t>(most), 1);
  const columnar::Schema& schema = call.site.input->schema;
  NodePtr rows = project(call.site.input, {{"side", call.arguments.at("BooleanCondition").value},
                                           {"text", input_column(schema, call.arguments.at("TextColumn").column)}});
  return plan::make_node(plan::AlgorithmCall{{std::move(rows)}, std::make_shared<algorithm::DiffText>(options), call.name().span},
                         algorithm::DiffText::schema(), true);
}

}  // namespace wardian::kql

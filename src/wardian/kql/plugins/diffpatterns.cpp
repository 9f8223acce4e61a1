#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/pattern_plugin.h"
#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {

/// Patterns that the rows of one split value have more often than those of another. The split column itself is not shown.
OperatorResult bind_diffpatterns(Binder& binder, const PluginCall& call) {
  const SourceSpan span = call.name().span;
  const columnar::Schema& schema = call.site.input->schema;
  WARDIAN_ASSIGN(const double threshold, number_between(binder, call, "Threshold", 0.015, 1, 0.05));
  WARDIAN_ASSIGN(const double dimensions, number_between(binder, call, "MaxDimensions", 1, 1000, 1000));
  const std::size_t split = call.arguments.at("SplitColumn").column;
  const ExprPtr side = cast(input_column(schema, split), Type::string);
  ExprPtr weights[2];
  std::size_t at = 0;
  for (const char* const parameter : {"SplitValueA", "SplitValueB"}) {
    WARDIAN_ASSIGN(const ExprPtr counts, binder.binary("==", side, call.arguments.at(parameter).value, span, span));
    WARDIAN_ASSIGN(weights[at++], row_weight(binder, call, counts));
  }
  std::vector<std::size_t> left_out{split};
  if (const auto weighed = weight_column(call)) left_out.push_back(*weighed);
  const std::vector<std::size_t> columns = pattern_columns(schema, left_out);
  return patterns_found(
      binder, call,
      std::make_shared<algorithm::DiffPatterns>(names_of(schema, columns), threshold, static_cast<std::size_t>(dimensions)),
      columns, std::move(weights[0]), std::move(weights[1]), split);
}

}  // namespace wardian::kql

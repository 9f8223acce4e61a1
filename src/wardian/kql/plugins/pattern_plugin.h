#pragma once

#include <functional>

#include "wardian/algorithm/pattern_mining.h"

#include "wardian/kql/plugins/plugin.h"

/// What the plugins that look for patterns in discrete columns share.
namespace wardian::kql {

/// The columns that patterns are made of: all but `left_out`.
std::vector<std::size_t> pattern_columns(const columnar::Schema& schema, std::span<const std::size_t> left_out);
std::vector<std::string> names_of(const columnar::Schema& schema, const std::vector<std::size_t>& columns);

/// What each row weighs: WeightColumn, else 1; 0 where `counts` (which may be null) does not hold.
Result<ExprPtr> row_weight(Binder& binder, const PluginCall& call, const ExprPtr& counts);
std::optional<std::size_t> weight_column(const PluginCall& call);

/// The plan of the algorithm over the input, with all columns but `hidden` in the input's order and of its types. Where a pattern asks
/// for no value a column has the custom wildcard of its type, else null.
OperatorResult patterns_found(Binder& binder, const PluginCall& call, std::shared_ptr<const algorithm::PatternMining> algorithm,
                              const std::vector<std::size_t>& columns, ExprPtr weight_a, ExprPtr weight_b,
                              std::optional<std::size_t> hidden);

/// The same over all columns but the weight, for one side: of the algorithm that `made_of` gives for their names.
using MakeMining = std::function<std::shared_ptr<const algorithm::PatternMining>(std::vector<std::string> names)>;
OperatorResult patterns_of_all(Binder& binder, const PluginCall& call, const MakeMining& made_of);

/// A constant number within bounds, or what stands for one that is left out.
Result<double> number_between(Binder& binder, const PluginCall& call, std::string_view parameter, double least, double most,
                              double otherwise);

}  // namespace wardian::kql

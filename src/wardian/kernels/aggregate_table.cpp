#include "wardian/kernels/aggregate_table.h"

#include <array>

namespace wardian::kernels {

std::span<const std::span<const AggregateKernel>> aggregate_families() {
  static const std::array kFamilies = {percentile_aggregates(), row_order_aggregates(), series_aggregates(),
                                       set_aggregates(),        sketch_aggregates(),    spread_aggregates()};
  return kFamilies;
}

}  // namespace wardian::kernels

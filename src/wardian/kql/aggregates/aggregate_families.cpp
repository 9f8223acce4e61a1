#include "wardian/kql/aggregates/aggregate_families.h"

#include <array>

namespace wardian::kql {

std::span<const std::span<const KqlAggregate>> aggregate_families() {
  static const std::array kFamilies = {
      collecting_aggregates(), counting_aggregates(), percentile_aggregates(), picking_aggregates(),
      sketch_aggregates(),     summing_aggregates(),  variance_aggregates(),
  };
  return kFamilies;
}

}  // namespace wardian::kql

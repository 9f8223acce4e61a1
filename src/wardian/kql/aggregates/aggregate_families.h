#pragma once

#include "wardian/kql/function_table.h"

/// The tables that aggregate_families() puts together, each at the end of its own file, in the order of names.
namespace wardian::kql {

std::span<const KqlAggregate> collecting_aggregates();
std::span<const KqlAggregate> counting_aggregates();
std::span<const KqlAggregate> percentile_aggregates();
std::span<const KqlAggregate> picking_aggregates();
std::span<const KqlAggregate> sketch_aggregates();
std::span<const KqlAggregate> summing_aggregates();
std::span<const KqlAggregate> variance_aggregates();

}  // namespace wardian::kql

#pragma once

#include "wardian/algorithm/batch_builder.h"
#include "wardian/algorithm/discrete_table.h"

namespace wardian::algorithm {

struct Found {
  Pattern pattern;
  Weight weight;
};

/// The two digits or one that the plugins show of a percentage.
double rounded_percent(double part, double all, int digits);

/// The patterns as the rows of a result, in their order. Two weights: CountA, CountB, …; else Count and Percent.
std::unique_ptr<columnar::BatchStream> pattern_rows(const columnar::Schema& schema, const DiscreteTable& table,
                                                    const std::vector<Found>& found, bool two_weights);

}  // namespace wardian::algorithm

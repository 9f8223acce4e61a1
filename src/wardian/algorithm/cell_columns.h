#pragma once

#include "wardian/algorithm/batch_builder.h"
#include "wardian/algorithm/row_program.h"

namespace wardian::algorithm {

/// One cell of a batch, its text owned. A string is never null.
void read_cell(const columnar::ColumnView& view, std::size_t row, Cell& cell);
/// The next cell of a column of that type.
void write_cell(BatchBuilder& out, std::size_t column, columnar::Type type, const Cell& cell);
/// Null is like null, NaN like NaN.
bool same_cell(const Cell& a, const Cell& b);

}  // namespace wardian::algorithm

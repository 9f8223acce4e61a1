#pragma once

#include <vector>

#include "wardian/columnar/batch.h"
#include "wardian/columnar/value.h"

namespace wardian::cli {

/// A small result held whole, for charts: row by row, cells as values.
struct Grid {
  columnar::Schema schema;
  std::vector<std::vector<columnar::Value>> rows;
  bool truncated = false;  // there were more rows than a chart takes
};

inline constexpr std::size_t kGridRowsMax = 20'000;

/// Adds the batch's rows as long as there is room.
void append_batch(Grid& grid, const columnar::Batch& batch);

}  // namespace wardian::cli

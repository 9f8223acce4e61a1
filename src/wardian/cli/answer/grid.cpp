#include "wardian/cli/answer/grid.h"

#include <algorithm>

#include "wardian/engine/connection.h"

namespace wardian::cli {

void append_batch(Grid& grid, const columnar::Batch& batch) {
  const std::size_t room = kGridRowsMax - std::min(kGridRowsMax, grid.rows.size());
  const std::size_t taken = std::min(room, batch.rows);
  grid.truncated = grid.truncated || taken < batch.rows;
  for (std::size_t row = 0; row < taken; ++row) {
    std::vector<columnar::Value> cells;
    for (const columnar::ColumnView& column : batch.columns) cells.push_back(engine::cell_value(column, row));
    grid.rows.push_back(std::move(cells));
  }
}

}  // namespace wardian::cli

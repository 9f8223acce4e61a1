#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wardian::cli {

/// Rows of cells, the first of them the head, as lines whose columns are as wide as their widest cell on a terminal; two blanks between
/// them, none at the end of a line. `to_the_right` says which columns have their blanks before the cell.
std::string aligned_rows(const std::vector<std::vector<std::string>>& rows,
                         bool (*to_the_right)(std::size_t column, std::size_t columns), std::size_t indent = 0);

/// "2.5 KB", "17 KB", in steps of 1024.
std::string size_text(std::uint64_t bytes);

}  // namespace wardian::cli

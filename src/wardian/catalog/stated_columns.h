#pragma once

#include <filesystem>

#include "wardian/catalog/foreign_column.h"
#include "wardian/catalog/foreign_file.h"
#include "wardian/columnar/file_columns.h"

namespace wardian::catalog {

/// What an Arrow or Parquet file says of its columns beyond the engine's types: those that we wrote name their KQL types in the
/// metadata (docs/decisions/0021), and durations in nanoseconds are shown as integers. One entry for each of `columns`, with the
/// unit `none` and the type dynamic where nothing is said.
Result<std::vector<columnar::FileColumn>> stated_columns(engine::Connection& connection, const std::filesystem::path& file,
                                                         FileFormat format, const std::vector<engine::ForeignColumn>& columns);

/// The value as what its column is stated to be; nullopt where that adds nothing to the engine's type, or is not what it says.
/// A value that is none of that type ends the query with `complaint` and the value.
std::optional<ConvertedColumn> convert_stated(const columnar::FileColumn& stated, std::string_view foreign,
                                              const sqltree::ExprPtr& value, const std::string& complaint);

}  // namespace wardian::catalog

#pragma once

#include <gtest/gtest.h>

#include "wardian/algorithm/batch_builder.h"
#include "wardian/algorithm/table_algorithm.h"

/// Tables written out, for tests of algorithms: given in batches of a few rows, read back cell by cell.
namespace wardian::algorithm {

using Row = std::vector<columnar::Value>;

inline columnar::Value whole(std::int64_t value, columnar::Type type = columnar::Type::int64) { return {type, value}; }
inline columnar::Value text(std::string value, columnar::Type type = columnar::Type::string) { return {type, std::move(value)}; }
inline columnar::Value real(double value) { return {columnar::Type::real, value}; }
inline columnar::Value truth(bool value) { return {columnar::Type::boolean, value}; }

inline OpenInput table_of(columnar::Schema schema, std::vector<Row> rows, std::size_t rows_per_batch = 2) {
  return [=]() -> Result<std::unique_ptr<columnar::BatchStream>> {
    return stream_of(schema, [=, at = std::size_t{0}]() mutable -> Result<std::optional<columnar::Batch>> {
      if (at >= rows.size()) return std::optional<columnar::Batch>();
      BatchBuilder made(schema);
      for (std::size_t end = std::min(at + rows_per_batch, rows.size()); at < end; ++at) {
        for (std::size_t column = 0; column < schema.size(); ++column) {
          if (rows[at][column].is_null()) {
            made.add_null(column);
          } else {
            made.add_value(column, rows[at][column]);
          }
        }
      }
      return std::optional<columnar::Batch>(made.take());
    });
  };
}

/// A cell as text; "null" where there is none.
inline std::string shown(const columnar::ColumnView& column, std::size_t row) {
  if (!column.is_valid(row)) return "null";
  if (const auto* values = std::get_if<std::span<const std::int64_t>>(&column.values)) return std::to_string((*values)[row]);
  if (const auto* values = std::get_if<std::span<const std::uint8_t>>(&column.values))
    return (*values)[row] != 0 ? "true" : "false";
  if (const auto* values = std::get_if<std::span<const std::string_view>>(&column.values)) return std::string((*values)[row]);
  if (const auto* values = std::get_if<std::span<const double>>(&column.values)) {
    char digits[40];
    return std::string(digits, static_cast<std::size_t>(std::snprintf(digits, sizeof digits, "%g", (*values)[row])));
  }
  return "?";
}

/// The rows that an algorithm makes, each as its cells joined by blanks.
inline std::vector<std::string> run(const TableAlgorithm& algorithm, const OpenInput& input, const RunBounds& bounds = {}) {
  std::vector<std::string> made;
  auto rows = algorithm.run({&input, 1}, bounds);
  EXPECT_TRUE(rows.ok()) << rows.error().message;
  while (rows.ok()) {
    auto batch = (*rows)->next();
    EXPECT_TRUE(batch.ok()) << batch.error().message;
    if (!batch.ok() || !*batch) break;
    for (std::size_t row = 0; row < (*batch)->rows; ++row) {
      std::string line;
      for (const columnar::ColumnView& column : (*batch)->columns) line += (line.empty() ? "" : " ") + shown(column, row);
      made.push_back(std::move(line));
    }
  }
  return made;
}

}  // namespace wardian::algorithm

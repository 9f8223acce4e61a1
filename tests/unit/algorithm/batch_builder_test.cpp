#include "wardian/algorithm/batch_builder.h"

#include <gtest/gtest.h>

namespace wardian::algorithm {
namespace {

using columnar::Batch;
using columnar::Type;

TEST(BatchBuilder, CellsComeBackWithTheirNulls) {
  BatchBuilder rows({{"i", Type::int64}, {"s", Type::string}, {"d", Type::dynamic}});
  for (int row = 0; row < 200; ++row) {
    if (row % 3 == 0 && row > 64)
      rows.add_null(0);
    else
      rows.add_long(0, row);
    rows.add_text(1, std::string(static_cast<std::size_t>(row % 40), 'x'));
    if (row == 0)
      rows.add_null(2);
    else
      rows.add_text(2, std::to_string(row));
  }
  EXPECT_EQ(rows.rows(), 200U);
  const Batch batch = rows.take();
  EXPECT_EQ(rows.rows(), 0U);
  ASSERT_EQ(batch.rows, 200U);
  const auto& numbers = std::get<std::span<const std::int64_t>>(batch.columns[0].values);
  const auto& texts = std::get<std::span<const std::string_view>>(batch.columns[1].values);
  const auto& bags = std::get<std::span<const std::string_view>>(batch.columns[2].values);
  for (std::size_t row = 0; row < 200; ++row) {
    const bool null = row % 3 == 0 && row > 64;
    EXPECT_EQ(batch.columns[0].is_valid(row), !null) << row;
    EXPECT_TRUE(null || numbers[row] == static_cast<std::int64_t>(row));
    EXPECT_EQ(texts[row].size(), row % 40);
    EXPECT_TRUE(batch.columns[1].is_valid(row));
    EXPECT_EQ(batch.columns[2].is_valid(row), row != 0);
    EXPECT_TRUE(row == 0 || bags[row] == std::to_string(row));
  }
}

TEST(BatchBuilder, ABatchOutlivesItsBuilderAndCopiesInto) {
  Batch first;
  {
    BatchBuilder rows({{"r", Type::real}, {"b", Type::boolean}, {"n", Type::decimal}});
    rows.add_real(0, 1.5);
    rows.add_bool(1, true);
    rows.add_decimal(2, -7);
    for (std::size_t column = 0; column < 3; ++column) rows.add_null(column);
    first = rows.take();
  }
  BatchBuilder again({{"r", Type::real}, {"b", Type::boolean}, {"n", Type::decimal}});
  for (std::size_t row : {1U, 0U})
    for (std::size_t column = 0; column < 3; ++column) again.add_cell(column, first.columns[column], row);
  const Batch second = again.take();
  ASSERT_EQ(second.rows, 2U);
  for (std::size_t column = 0; column < 3; ++column) {
    EXPECT_FALSE(second.columns[column].is_valid(0));
    EXPECT_TRUE(second.columns[column].is_valid(1));
  }
  EXPECT_EQ(std::get<std::span<const double>>(second.columns[0].values)[1], 1.5);
  EXPECT_EQ(std::get<std::span<const std::uint8_t>>(second.columns[1].values)[1], 1);
  EXPECT_EQ(std::get<std::span<const columnar::Int128>>(second.columns[2].values)[1], -7);
}

}  // namespace
}  // namespace wardian::algorithm

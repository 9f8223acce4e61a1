#include "wardian/columnar/batch_slice.h"

#include <gtest/gtest.h>

#include "written_frame.h"

namespace wardian::columnar {
namespace {

TEST(BatchSlice, HasTheRowsAndNullsOfItsPlace) {
  std::vector<std::int64_t> values(300);
  std::iota(values.begin(), values.end(), 0);
  std::vector<std::size_t> nulls;
  for (std::size_t row = 0; row < 300; row += 7) nulls.push_back(row);
  const Batch batch = batch_of({longs(Type::int64, values, nulls), reals(std::vector<double>(300, 0.5))}, 300);
  const auto whole = cells(batch);
  for (const auto& [begin, rows] : {std::pair<std::size_t, std::size_t>{0, 300}, {1, 1}, {63, 66}, {70, 0}, {299, 1}}) {
    const auto expected = std::vector(whole.begin() + static_cast<std::ptrdiff_t>(begin),
                                      whole.begin() + static_cast<std::ptrdiff_t>(begin + rows));
    EXPECT_EQ(cells(slice(batch, begin, rows)), expected) << begin << " + " << rows;
  }
}

}  // namespace
}  // namespace wardian::columnar

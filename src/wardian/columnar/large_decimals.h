#pragma once

#include "wardian/base/result.h"
#include "wardian/base/whole_decimal.h"
#include "wardian/columnar/batch.h"

namespace wardian::columnar {

/// Frames and files have the decimals of the engine's own scale alone: an error where the column holds a larger one.
inline Status refuse_large_decimals(const ColumnView& column, std::size_t rows) {
  const auto values = std::get<std::span<const Int128>>(column.values);
  for (std::size_t row = 0; row < rows; ++row) {
    if (column.is_valid(row) && large_whole_of(values[row])) {
      return Error{ErrorCode::overflow,
                   "A decimal of 10^21 or more goes into no file and to no script",
                   {},
                   "Pass on tostring() or toreal() of it"};
    }
  }
  return {};
}

}  // namespace wardian::columnar

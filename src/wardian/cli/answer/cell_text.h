#pragma once

#include <string>

#include "wardian/columnar/batch.h"
#include "wardian/columnar/value.h"

namespace wardian::cli {

/// One cell as people and CSV read it: null is empty, datetimes "2017-01-01T00:00:00Z", reals in their shortest form,
/// decimals without trailing zeros, dynamic as JSON. Appends.
void append_cell_text(std::string& out, const columnar::ColumnView& column, std::size_t row);

/// One cell as the REST endpoints write it: numbers as JSON numbers, NaN and infinities as strings, decimal, datetime,
/// timespan and guid as strings, dynamic as its JSON, null as null. Appends.
void append_cell_json(std::string& out, const columnar::ColumnView& column, std::size_t row);

}  // namespace wardian::cli

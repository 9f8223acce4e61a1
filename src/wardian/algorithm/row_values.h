#pragma once

#include "wardian/algorithm/row_program.h"
#include "wardian/kernels/decimal.h"

/// Inside of algorithm/row_program: values of one kind taken for another, as the engine takes them.
namespace wardian::algorithm {

double as_real(const Cell& cell);
bool as_truth(const Cell& cell);
std::optional<kernels::Int128> as_decimal(const Cell& cell);
std::string as_text(const Cell& cell);

/// Below zero, zero or above, of two values that are not null; NaN is the greatest number and equal to itself.
int compared(const Cell& a, const Cell& b);

/// The value in the kind that a conversion gives; false where there is no such value.
bool converted(RowOp op, Cell& cell);

/// Letters in lower or upper case, those beyond ASCII too.
std::string in_case(const std::string& text, bool upper);

/// "BIGINT", "UBIGINT", "DOUBLE", "VARCHAR", "BOOLEAN", "NULL", "ARRAY" or "OBJECT" of canonical JSON.
std::string_view json_type_of(std::string_view json);

}  // namespace wardian::algorithm

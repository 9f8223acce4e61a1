#pragma once

#include "wardian/algorithm/row_program.h"
#include "wardian/base/result.h"
#include "wardian/plan/expr.h"

namespace wardian::plan {

/// A value as an algorithm keeps it.
algorithm::Cell cell_of(const columnar::Value& value);

/// The expression as a program for one row at a time: what it lowers to as SQL, node by node, so that both mean the same. A column
/// reference is the slot of that number. An error where a part has no such form: tables, window functions, functions that the engine
/// alone has.
Result<algorithm::RowProgram> row_program(const Expr& expr);

}  // namespace wardian::plan

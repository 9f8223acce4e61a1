#pragma once

#include <string>
#include <vector>

#include "wardian/plan/node.h"
#include "wardian/sqltree/build.h"

namespace wardian::plan {

/// What a condition demands of one column: that it compares so with one of these values. A file that holds the column otherwise
/// than plans see it keeps statistics of its own values, so that the demand is repeated in their terms.
struct StoredBound {
  std::uint32_t column = 0;
  std::string op;  // "==", "<", "<=", ">" or ">="
  std::vector<columnar::Value> values;
};

/// The demands without which the condition holds for no row; of datetimes and texts only, as others are held as they are.
std::vector<StoredBound> stored_bounds(const Expr& condition);

/// The demand over the stored column; it keeps every row that meets it, and maybe some more. Null where its type has no such values.
sqltree::ExprPtr over_stored(const StoredBound& bound, const StoredColumn& stored, const std::string& table);

}  // namespace wardian::plan

#pragma once

#include <string_view>

#include "wardian/base/result.h"
#include "wardian/columnar/type.h"
#include "wardian/sqltree/tree.h"

namespace wardian::catalog {

/// A value of some engine type as a value of one of our types.
struct ConvertedColumn {
  columnar::Type type;
  sqltree::ExprPtr expr;
};

/// The type of ours that holds every value of the engine's type `foreign` ("TIMESTAMP_NS", "DECIMAL(18,3)",
/// "STRUCT(a INTEGER)[]", …), and the expression that makes it. Nested types become dynamic, binary becomes base64 text.
/// A null text becomes the empty text. A value without a place in our type (an infinite date, a 39 digit integer) ends the query.
ConvertedColumn convert_foreign(std::string_view foreign, const sqltree::ExprPtr& value);

/// The same for a column whose type the user has declared. A number that is not whole is none of a whole type's: it ends the query
/// with `complaint` and the number. Error: type_mismatch when nothing leads from one to the other.
Result<sqltree::ExprPtr> convert_declared(std::string_view foreign, const sqltree::ExprPtr& value, columnar::Type declared,
                                          const std::string& complaint);

}  // namespace wardian::catalog

#pragma once

#include <string>

#include "wardian/columnar/type.h"
#include "wardian/sqltree/tree.h"

namespace wardian::catalog {

/// The value that the text stands for (of a CSV file, or of JSON with its strings bared), or null: exactly or not at all, so that 1.5
/// is no long and a time of day no date. Dates are read as todatetime() does: 01/02/2020 is in January.
/// What programs write for "no value" (NA, NULL, …) is null in every type but string, where it is a text: NA is also Namibia.
sqltree::ExprPtr value_of_text(const sqltree::ExprPtr& text, columnar::Type type);

/// The same, but a text that stands for no value ends the query with `complaint` and the text.
sqltree::ExprPtr value_or_complaint(const sqltree::ExprPtr& text, columnar::Type type, const std::string& complaint);

/// Whether all texts of a group stand for values of the type, for inference: an aggregate, null when there is none.
/// Stricter than value_of_text: a number has no zeros at its front, which a post code may have; a whole number is no real that
/// would lose its last digits; a date begins with its year, as 01/02/2020 is two days; a time has a colon.
sqltree::ExprPtr all_stand_for(const sqltree::ExprPtr& text, columnar::Type type);

/// In the order in which they are tried; a column that fits none is a string.
inline constexpr columnar::Type kInferredTypes[] = {columnar::Type::boolean, columnar::Type::int64,    columnar::Type::real,
                                                    columnar::Type::decimal, columnar::Type::timespan, columnar::Type::datetime};

}  // namespace wardian::catalog

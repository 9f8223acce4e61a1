#pragma once

#include <string_view>

namespace wardian::kql {

/// A letter for each parameter: a takes an array, b a bag, s a string or an array of strings, i an integer or an array of
/// them, x an array where the whole call is told to be wrong, y the same of two beside another dynamic value, . anything; a capital letter stands for all further ones too.
/// `result`: a an array, s one of strings, i of integers, r of other scalars, n of arrays, e of what the arguments are;
/// b a bag; 1 what the first argument is, c what all of them are, u an array of what all of them hold, . no dynamic value.
/// Source: the types of the language's own service.
struct ShapeRow {
  std::string_view function, parameters;
  char result;
};

/// The row of a function that takes or gives arrays and bags; null of any other.
const ShapeRow* find_shape_row(std::string_view function);

}  // namespace wardian::kql

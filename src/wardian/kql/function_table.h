#pragma once

#include <span>
#include <string_view>

#include "wardian/plan/expr.h"

/// A function is a row. Binder, lowering, completion, reference pages and the coverage report read the same rows.
namespace wardian::kql {

/// One overload. Rows of one name stand together; the binder takes the first row whose signature accepts the arguments
/// without conversion, else the first that accepts them with the language's implicit conversions (int → long → real,
/// int/long → decimal, dynamic → string).
///
/// Signature grammar: "(name: type, name: type = default, rest: type...) -> type"
///   type     bool int long real decimal string datetime timespan dynamic guid
///            | any       any one type
///            | number    int, long, real or decimal
///            | integer   int or long
///            | text      string or dynamic
///            | summable  a number, datetime or timespan
///            | codepoints  int, long or dynamic
///            | plain     any one type but dynamic
///            | T         any one type, the same (after widening) in all places that say T; also as the result
///            | N         like T, of numbers only
///            | S         like T, of numbers, datetime and timespan
///            | O         like T, of all types that have an order: not dynamic, not guid
///            | H         like T, of all types but bool and real
///            | D         like T, of all types but dynamic
///            | float     real, int or long; `real` takes a decimal as well
///   const    before a type: the argument must be a constant ("unit: const string")
///   literal  before a type: the same, and written out
///   column   before a type: the name of a column
///   a rule   before a type: what a constant there must be ("lookup: regex string"); see argument_rule.h
///   default  a KQL literal; a parameter with a default may be left out
///   ...      none, one or more further arguments of that type; "...62": up to so many;
///            "...pairs": an even number of all arguments
/// "-> (min: real, line_fit: dynamic)" gives several columns, each function_argument_min and so on; the lowering makes all
/// of them packed in one text (kernels/result_pack.h).
/// Examples: "(x: real) -> real", "(part: const string, a: datetime, b: datetime) -> long", "(a: T, rest: T...) -> T".
struct KqlFunction {
  std::string_view name;
  std::string_view signature;
  plan::Lowering lowering;
  std::string_view summary;  // one sentence, nulls included
};

/// An aggregate of `summarize`. Its arguments are widened, but a dynamic one is converted to nothing else. Its lowering makes an SQL aggregate call of the lowered arguments. `column_name` is what
/// an unnamed use is called: "sum_" + column when it ends with '_' and the first argument is a column; else as it stands.
struct KqlAggregate {
  std::string_view name;
  std::string_view signature;
  plan::Lowering lowering;
  std::string_view column_name;
  std::string_view summary;
};

/// A function of the serialized row order: row_number(), prev(), ... The lowering makes the call, the plan adds OVER.
struct KqlWindowFunction {
  std::string_view name;
  std::string_view signature;
  plan::Lowering lowering;
  std::string_view frame;
  std::string_view summary;
};

/// All rows of all families, each family a table in functions/.
std::span<const std::span<const KqlFunction>> function_families();
std::span<const std::span<const KqlAggregate>> aggregate_families();
std::span<const KqlWindowFunction> window_functions();

}  // namespace wardian::kql

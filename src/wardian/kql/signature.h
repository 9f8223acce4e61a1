#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/columnar/type.h"
#include "wardian/columnar/value.h"
#include "wardian/kql/argument_rule.h"

namespace wardian::kql {

/// What a parameter or result may be; see the grammar in function_table.h.
struct TypePattern {
  enum class Kind : std::uint8_t { exact, any, number, integer, real_only, summable, codepoints, text, plain, same };
  Kind kind = Kind::any;
  columnar::Type exact = columnar::Type::dynamic;  // for `exact`
  char variable = 0;                               // for `same`: the letter of a family

  /// True when a value of this type fits as it is (`same` looks only at the variable's family).
  bool accepts(columnar::Type type) const;
};

struct Parameter {
  std::string name;
  TypePattern type;
  bool constant = false;
  bool literal = false;                // a constant that is written out
  bool column = false;                 // the name of a column, no other expression
  const ArgumentRule* rule = nullptr;  // what a constant there must be, beyond its type
  bool repeated = false;               // none, one or more further arguments
  std::size_t most = SIZE_MAX;         // how many arguments a repeated one may be
  bool pairs = false;                  // a repeated one whose call has an even number of arguments
  std::optional<columnar::Value> default_value;
};

struct Signature {
  std::vector<Parameter> parameters;
  TypePattern result;
  std::vector<columnar::Column> columns;  // of a function with several results

  std::size_t least_arguments() const;
  std::optional<std::size_t> most_arguments() const;  // nullopt: no bound
  const Parameter& at(std::size_t argument) const;    // a repeated last parameter stands for all further ones
};

/// Reads one signature. An error is a mistake in a table row, which a unit test finds.
Result<Signature> parse_signature(std::string_view text);

}  // namespace wardian::kql

#pragma once

#include <span>
#include <vector>

#include "wardian/kql/signature.h"

namespace wardian::kql {

/// The row that a call takes and the types that its arguments are converted to first.
struct Overload {
  std::size_t row = 0;
  std::vector<columnar::Type> arguments;  // of the given arguments; defaults are not among them
  columnar::Type result = columnar::Type::dynamic;
};

/// Why no row takes the call.
struct NoOverload {
  bool wrong_count = false;
  std::size_t argument = 0;           // the first argument that the nearest rows refuse
  std::vector<TypePattern> expected;  // what they want there
};

/// int → long → real, int/long/real → decimal, dynamic → anything. Equal types convert as well.
bool converts_implicitly(columnar::Type from, columnar::Type to);

/// The one type that holds values of both: numbers widen, dynamic gives way to the other; nullopt when there is none.
std::optional<columnar::Type> common_type(columnar::Type a, columnar::Type b);

/// What a value may be converted to without the query saying so.
enum class Conversions : std::uint8_t {
  implicit,  // see converts_implicitly
  widening,  // the same, but for dynamic
};

/// The first row that takes the arguments as they are, else the first that takes them after implicit conversions.
std::variant<Overload, NoOverload> choose_overload(std::span<const Signature* const> rows,
                                                   std::span<const columnar::Type> arguments,
                                                   Conversions conversions = Conversions::implicit);

/// "string", "a number or timespan", ...: what one of the patterns accepts.
std::string describe(std::span<const TypePattern> patterns);

}  // namespace wardian::kql

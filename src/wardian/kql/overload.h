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
  bool no_common_type = false;        // with the arguments before it
  bool taken_elsewhere = false;       // another row takes a value of that type there

  /// Whether the call as a whole is wrong rather than that argument: rows want different kinds of things there.
  bool of_whole_call() const;
};

/// int → long → real, int/long/real → decimal, dynamic → anything. Equal types convert as well.
bool converts_implicitly(columnar::Type from, columnar::Type to);

/// The one type that holds values of both: numbers widen, dynamic gives way to the other; nullopt when there is none.
std::optional<columnar::Type> common_type(columnar::Type a, columnar::Type b);

/// What a dynamic argument may stand for where another type is needed. What it holds, only the data tells: operators take
/// it for what they need, functions want it converted by name, though any of it has a text; aggregates take it for nothing else.
enum class DynamicAs : std::uint8_t { anything, text, itself };

/// The first row that takes the arguments as they are, else the first that takes them after implicit conversions.
std::variant<Overload, NoOverload> choose_overload(std::span<const Signature* const> rows,
                                                   std::span<const columnar::Type> arguments, DynamicAs dynamic);

/// "string", "a number or timespan", ...: what one of the patterns accepts.
std::string describe(std::span<const TypePattern> patterns);

}  // namespace wardian::kql

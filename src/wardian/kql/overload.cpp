#include "wardian/kql/overload.h"

#include <algorithm>

namespace wardian::kql {
namespace {

using columnar::Type;
using Kind = TypePattern::Kind;

int width(Type type) {
  switch (type) {
    case Type::int32: return 1;
    case Type::int64: return 2;
    case Type::real: return 3;
    case Type::decimal: return 4;
    default: return 0;
  }
}

/// How far an argument's type may lie from its parameter's. Rows are tried at each reach in turn.
enum class Reach : std::uint8_t { same, implicit, decimal_as_real };

/// The type that one argument is converted to for a pattern other than `same`.
std::optional<Type> target(const TypePattern& pattern, Type given, Reach reach, Conversions conversions) {
  if (pattern.accepts(given)) return given;
  if (reach == Reach::same || (given == Type::dynamic && conversions == Conversions::widening)) return std::nullopt;
  // Functions of real numbers take a decimal too, where they have no row of their own for it.
  const bool as_real = reach == Reach::decimal_as_real && given == Type::decimal;
  if (as_real && pattern.kind == Kind::exact && pattern.exact == Type::real) return Type::real;
  switch (pattern.kind) {
    case Kind::exact: return converts_implicitly(given, pattern.exact) ? std::optional(pattern.exact) : std::nullopt;
    case Kind::number: return given == Type::dynamic ? std::optional(Type::real) : std::nullopt;
    case Kind::integer: return given == Type::dynamic ? std::optional(Type::int64) : std::nullopt;
    default: return std::nullopt;
  }
}

struct Attempt {
  std::optional<Overload> made;
  std::size_t refused = 0;
};

Attempt attempt(const Signature& row, std::span<const Type> given, Reach reach, Conversions conversions) {
  const bool exactly = reach == Reach::same;
  Overload made;
  std::optional<Type> variable;  // a row uses one variable only
  char letter = 0;
  for (std::size_t at = 0; at < given.size(); ++at) {
    const TypePattern& pattern = row.at(at).type;
    if (pattern.kind != Kind::same) {
      const auto type = target(pattern, given[at], reach, conversions);
      if (!type) return {std::nullopt, at};
      made.arguments.push_back(*type);
      continue;
    }
    letter = pattern.variable;
    const bool any_dynamic = !exactly && conversions == Conversions::implicit;
    const bool fits = pattern.accepts(given[at]) || (any_dynamic && given[at] == Type::dynamic);
    if (!fits) return {std::nullopt, at};
    if (!variable) {
      variable = given[at];
    } else if (*variable != given[at]) {
      variable = exactly ? std::nullopt : common_type(*variable, given[at]);
      if (!variable) return {std::nullopt, at};
    }
    made.arguments.push_back(given[at]);
  }
  // Only dynamic where a number is needed: real holds any of them.
  if ((letter == 'N' || letter == 'S') && variable == Type::dynamic) variable = Type::real;
  for (std::size_t at = 0; at < given.size(); ++at) {
    if (row.at(at).type.kind == Kind::same) made.arguments[at] = *variable;
  }
  switch (row.result.kind) {
    case Kind::exact: made.result = row.result.exact; break;
    case Kind::same: made.result = variable.value_or(Type::dynamic); break;
    default:
      made.result = Type::dynamic;
      for (std::size_t at = 0; at < given.size(); ++at) {
        if (row.at(at).type.kind == row.result.kind) {
          made.result = made.arguments[at];
          break;
        }
      }
  }
  return {std::move(made), 0};
}

bool takes_count(const Signature& row, std::size_t count) {
  const auto most = row.most_arguments();
  return count >= row.least_arguments() && (!most || count <= *most);
}

}  // namespace

bool converts_implicitly(Type from, Type to) {
  if (from == to || from == Type::dynamic) return true;
  return width(from) > 0 && width(to) > 0 && width(from) < width(to);
}

std::optional<Type> common_type(Type a, Type b) {
  if (a == b || b == Type::dynamic) return a;
  if (a == Type::dynamic) return b;
  if (width(a) > 0 && width(b) > 0) return width(a) > width(b) ? a : b;
  return std::nullopt;
}

std::variant<Overload, NoOverload> choose_overload(std::span<const Signature* const> rows, std::span<const Type> arguments,
                                                   Conversions conversions) {
  NoOverload why{true, 0, {}};
  for (const Reach reach : {Reach::same, Reach::implicit, Reach::decimal_as_real}) {
    for (std::size_t at = 0; at < rows.size(); ++at) {
      if (!takes_count(*rows[at], arguments.size())) continue;
      Attempt tried = attempt(*rows[at], arguments, reach, conversions);
      if (tried.made) {
        tried.made->row = at;
        return std::move(*tried.made);
      }
      // The rows that got furthest say best what is wrong.
      if (reach != Reach::implicit) continue;
      if (why.wrong_count || tried.refused > why.argument) why = {false, tried.refused, {}};
      if (tried.refused == why.argument) why.expected.push_back(rows[at]->at(tried.refused).type);
    }
  }
  return why;
}

std::string describe(std::span<const TypePattern> patterns) {
  std::vector<std::string> words;
  const auto add = [&](std::string word) {
    if (std::ranges::find(words, word) == words.end()) words.push_back(std::move(word));
  };
  std::size_t numeric = 0;
  Type last_numeric = Type::real;
  for (const TypePattern& pattern : patterns) {
    if (pattern.kind != Kind::exact || !columnar::is_numeric(pattern.exact)) continue;
    if (numeric == 0 || pattern.exact != last_numeric) ++numeric;
    last_numeric = pattern.exact;
  }
  for (const TypePattern& pattern : patterns) {
    switch (pattern.kind) {
      case Kind::exact:
        add(numeric > 1 && columnar::is_numeric(pattern.exact) ? "a number" : std::string(columnar::type_name(pattern.exact)));
        break;
      case Kind::any: add("any type"); break;
      case Kind::number: add("a number"); break;
      case Kind::integer: add("an integer"); break;
      case Kind::same:
        switch (pattern.variable) {
          case 'T': add("the type of the other arguments"); break;
          case 'H': add("any type but bool and real"); break;
          case 'D': add("any type but dynamic"); break;
          default: add("a number");
        }
        if (pattern.variable == 'S' || pattern.variable == 'O') {
          add("datetime");
          add("timespan");
        }
        if (pattern.variable == 'O') {
          add("string");
          add("bool");
        }
        break;
    }
  }
  std::string made;
  for (std::size_t at = 0; at < words.size(); ++at) made += (at == 0 ? "" : at + 1 == words.size() ? " or " : ", ") + words[at];
  return made;
}

}  // namespace wardian::kql

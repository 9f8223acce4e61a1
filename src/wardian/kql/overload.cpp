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
std::optional<Type> target(const TypePattern& pattern, Type given, Reach reach, DynamicAs dynamic) {
  if (pattern.accepts(given)) return given;
  if (reach == Reach::same || (given == Type::dynamic && dynamic == DynamicAs::itself)) return std::nullopt;
  // Functions of real numbers take a decimal too, where they have no row of their own for it.
  const bool as_real = reach == Reach::decimal_as_real && given == Type::decimal;
  if (as_real && pattern.kind == Kind::exact && pattern.exact == Type::real) return Type::real;
  switch (pattern.kind) {
    case Kind::exact:
      if (given == Type::dynamic && dynamic == DynamicAs::text && pattern.exact != Type::string) return std::nullopt;
      return converts_implicitly(given, pattern.exact) ? std::optional(pattern.exact) : std::nullopt;
    case Kind::number: return given == Type::dynamic && dynamic == DynamicAs::anything ? std::optional(Type::real) : std::nullopt;
    case Kind::integer:
      return given == Type::dynamic && dynamic == DynamicAs::anything ? std::optional(Type::int64) : std::nullopt;
    case Kind::real_only: return columnar::is_integer(given) ? std::optional(Type::real) : std::nullopt;
    default: return std::nullopt;
  }
}

struct Attempt {
  std::optional<Overload> made;
  std::size_t refused = 0;
  bool no_common_type = false;  // the refused argument and those before it
};

Attempt attempt(const Signature& row, std::span<const Type> given, Reach reach, DynamicAs dynamic) {
  const bool exactly = reach == Reach::same;
  Overload made;
  std::optional<Type> variable;  // a row uses one variable only
  char letter = 0;
  for (std::size_t at = 0; at < given.size(); ++at) {
    const TypePattern& pattern = row.at(at).type;
    if (pattern.kind != Kind::same) {
      const auto type = target(pattern, given[at], reach, dynamic);
      if (!type) return {std::nullopt, at, false};
      made.arguments.push_back(*type);
      continue;
    }
    letter = pattern.variable;
    const bool gives_way = !exactly && dynamic == DynamicAs::anything;
    if (!pattern.accepts(given[at]) && !(gives_way && given[at] == Type::dynamic)) return {std::nullopt, at, false};
    if (!variable) {
      variable = given[at];
    } else if (*variable != given[at]) {
      const bool any_dynamic = *variable == Type::dynamic || given[at] == Type::dynamic;
      variable = exactly || (any_dynamic && !gives_way) ? std::nullopt : common_type(*variable, given[at]);
      if (!variable) return {std::nullopt, at, true};
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
  return {std::move(made), 0, false};
}

bool takes_count(const Signature& row, std::size_t count) {
  const auto most = row.most_arguments();
  const bool pairs = !row.parameters.empty() && row.parameters.back().pairs;
  return count >= row.least_arguments() && (!most || count <= *most) && (!pairs || count % 2 == 0);
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
                                                   DynamicAs dynamic) {
  NoOverload why{true, 0, {}, false};
  for (const Reach reach : {Reach::same, Reach::implicit, Reach::decimal_as_real}) {
    for (std::size_t at = 0; at < rows.size(); ++at) {
      if (!takes_count(*rows[at], arguments.size())) continue;
      Attempt tried = attempt(*rows[at], arguments, reach, dynamic);
      if (tried.made) {
        tried.made->row = at;
        return std::move(*tried.made);
      }
      // The rows that got furthest say best what is wrong.
      if (reach != Reach::decimal_as_real) continue;
      if (why.wrong_count || tried.refused > why.argument) why = {false, tried.refused, {}, false};
      if (tried.refused == why.argument) {
        why.expected.push_back(rows[at]->at(tried.refused).type);
        why.no_common_type = why.no_common_type || tried.no_common_type;
      }
    }
  }
  // bin(1, 1d): another row takes such an argument there, and it is as likely that the one before it is wrong.
  const Type refused = why.wrong_count ? Type::dynamic : arguments[why.argument];
  const bool of_own_kind = refused == Type::datetime || refused == Type::timespan;
  why.taken_elsewhere = of_own_kind && why.argument > 0 && std::ranges::any_of(rows, [&](const Signature* row) {
                          if (!takes_count(*row, arguments.size())) return false;
                          const TypePattern& pattern = row->at(why.argument).type;
                          return pattern.kind == Kind::exact && pattern.exact == refused;
                        });
  return why;
}

bool NoOverload::of_whole_call() const {
  if (no_common_type || taken_elsewhere) return true;
  // One that takes what all others take speaks for them.
  if (std::ranges::any_of(expected, [](const TypePattern& pattern) { return pattern.kind == Kind::summable; })) return false;
  const auto differs = [&](const TypePattern& pattern) {
    const TypePattern& first = expected.front();
    const bool numbers = columnar::is_numeric(first.exact) && columnar::is_numeric(pattern.exact);
    return pattern.kind != first.kind || (pattern.kind == Kind::exact && pattern.exact != first.exact && !numbers);
  };
  return argument > 0 && !expected.empty() && std::ranges::any_of(expected, differs);
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
      case Kind::real_only: add("real"); break;
      case Kind::codepoints:
        add("an integer");
        add("dynamic");
        break;
      case Kind::summable:
        add("a number");
        add("datetime");
        add("timespan");
        break;
      case Kind::plain: add("a value that is not dynamic"); break;
      case Kind::text:
        add("string");
        add("dynamic");
        break;
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

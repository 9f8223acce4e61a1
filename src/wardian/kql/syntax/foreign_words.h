#pragma once

#include <string_view>

/// Words that other languages have where this one has another form, and what to write instead; empty for all other words.
/// Words are given in lower case.
namespace wardian::kql::syntax {

/// In an operator's place: T | select …
std::string_view foreign_operator_hint(std::string_view word);
/// Behind an expression, where an operator or a comma could stand: x like "a%".
std::string_view foreign_connective_hint(std::string_view word);
/// In a type's place: datatable(a: varchar).
std::string_view foreign_type_hint(std::string_view word);

}  // namespace wardian::kql::syntax

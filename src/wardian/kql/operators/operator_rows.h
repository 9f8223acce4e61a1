#pragma once

#include <span>
#include <string_view>

/// What the reference and the coverage report say of the operators: one row for each that the language has.
namespace wardian::kql {

struct OperatorRow {
  std::string_view name;     // as a query spells it
  std::string_view syntax;   // words in capitals are to be filled in, [ ] may be left out, … may be repeated
  std::string_view summary;  // one sentence
};

/// Operators over tables and those that begin a pipeline, sorted by name.
std::span<const OperatorRow> tabular_operators();
/// Operators between values, sorted by name.
std::span<const OperatorRow> scalar_operators();
/// Statements before a query, those that the binder takes; sorted by name.
std::span<const OperatorRow> statements();
/// Whether the binder takes the tabular operator of that name; the parser takes all of them.
bool is_bound_operator(std::string_view name);

}  // namespace wardian::kql

#pragma once

#include <string_view>
#include <vector>

#include "wardian/kql/completion/columns_at.h"
#include "wardian/kql/completion/complete.h"

/// Candidates out of the tables of the language. Each adds to a list, in the order of names.
namespace wardian::kql {

using Candidates = std::vector<Candidate>;

void add_functions(Candidates& to);
void add_aggregates(Candidates& to);
bool is_aggregate_name(std::string_view name);
void add_plugins(Candidates& to);
/// `piped`: those that follow a pipe, else those that begin a pipeline.
void add_tabular_operators(Candidates& to, bool piped);
/// Those between values that take an operand of that type; all where it is not known.
void add_scalar_operators(Candidates& to, std::optional<columnar::Type> operand);
void add_statements(Candidates& to);
void add_types(Candidates& to);
void add_columns(Candidates& to, const columnar::Schema& columns);
void add_names(Candidates& to, const std::vector<DeclaredName>& names);
void add_tables(Candidates& to, const BindContext& context);
void add_chart_kinds(Candidates& to);
void add_chart_properties(Candidates& to);
void add_join_kinds(Candidates& to);
void add_request_properties(Candidates& to);
/// hint.strategy= and their like, of that operator.
void add_hints(Candidates& to, std::string_view name);
/// The values that a parameter of an operator takes, as far as they are words.
void add_parameter_values(Candidates& to, std::string_view name, std::string_view parameter);

/// A name as a query writes it: in brackets and quotes where it is no plain word.
std::string written(std::string_view name);

}  // namespace wardian::kql

#include <algorithm>
#include <array>

#include "wardian/kql/operators/operator_rows.h"

namespace wardian::kql {
namespace {

constexpr auto kStatements = std::to_array<OperatorRow>({
    {"alias database", "alias database NAME = database(\"NAME\");", "Gives a database another name for the statements after it."},
    {"declare pattern", "declare pattern NAME = (PARAMETER:TYPE, …) [[PATH:string]] { (VALUE, …) [.[PATH]] = { BODY }; … };",
     "Gives a name to a choice of tables, by the values of its parameters."},
    {"declare query_parameters", "declare query_parameters (NAME:TYPE [= DEFAULT], …);",
     "Names values that the client sends along with the query."},
    {"let", "let NAME = EXPRESSION;  or  let NAME = [view] (PARAMETER:TYPE [= DEFAULT], …) { BODY };",
     "Gives a value, a table or a function a name for the statements after it."},
    {"restrict access to", "restrict access to (TABLE, …);", "Leaves the statements after it these tables and views alone."},
    {"set", "set OPTION [= VALUE];", "Sets an option of the request."},
});
static_assert(std::ranges::is_sorted(kStatements, {}, &OperatorRow::name));

}  // namespace

std::span<const OperatorRow> statements() { return kStatements; }

}  // namespace wardian::kql

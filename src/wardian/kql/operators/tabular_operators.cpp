#include <algorithm>
#include <array>
#include <variant>
#include <vector>

#include "wardian/kql/graph/graph_operators.h"
#include "wardian/kql/operators/operator_rows.h"
#include "wardian/kql/operators/operators.h"

namespace wardian::kql {
namespace {

constexpr auto kOperators = std::to_array<OperatorRow>({
    {"as", "T | as [hint.materialized=true] NAME",
     "Gives the table so far a name, for later parts of the query and for the answer."},
    {"assert-schema", "T | assert-schema (COLUMN:TYPE, …)",
     "Passes the table on if it has exactly these columns, else refuses the query."},
    {"consume", "T | consume [decodeblocks=BOOL]", "Computes the table and gives no rows."},
    {"count", "T | count [as NAME]", "Gives one row with the number of rows."},
    {"datatable", "datatable (COLUMN:TYPE, …) [VALUE, …]", "Makes a table of the values written in the query, row after row."},
    {"distinct", "T | distinct COLUMN, …  or  distinct *", "Gives each combination of the columns' values once."},
    {"evaluate", "T | evaluate [hint.NAME=VALUE] PLUGIN(ARGUMENT, …) [: (COLUMN:TYPE, …)]",
     "Hands the table to a plugin, whose result goes on."},
    {"extend", "T | extend [NAME =] EXPRESSION, …", "Adds columns, or replaces those of the same name."},
    {"externaldata", "externaldata (COLUMN:TYPE, …) [LOCATION, …] [with (PROPERTY=VALUE, …)]",
     "Reads files that the query names; the request must allow it."},
    {"facet", "T | facet by COLUMN, … [with (PIPELINE)]",
     "Gives a table of counts for each column, and one more of the rows by the pipeline."},
    {"find", "find [withsource=NAME] [in (TABLE, …)] where CONDITION [project COLUMN, …]",
     "Gives the rows of several tables for which the condition holds, and where each comes from."},
    {"fork", "T | fork [NAME =] (PIPELINE) …", "Sends the rows through several pipelines, each with a result of its own."},
    {"getschema", "T | getschema", "Gives a row for each column: its name, place and types."},
    {"graph-mark-components", "G | graph-mark-components [kind=weak|strong] [with_component_id=NAME]",
     "Marks every node of a graph with the number of the connected part that it lies in."},
    {"graph-match", "G | graph-match [cycles=KIND] PATTERN, … [where CONDITION] project [NAME =] EXPRESSION, …",
     "Finds all places of a graph that look like the pattern."},
    {"graph-shortest-paths", "G | graph-shortest-paths [output=any|all] PATTERN [where CONDITION] project [NAME =] EXPRESSION, …",
     "Finds shortest paths between nodes of a graph."},
    {"graph-to-table", "G | graph-to-table nodes|edges [as NAME] [with_node_id=NAME], …",
     "Gives a graph's nodes or edges as a table."},
    {"graph-where-edges", "G | graph-where-edges CONDITION", "Keeps the edges of a graph for which the condition holds."},
    {"graph-where-nodes", "G | graph-where-nodes CONDITION", "Keeps the nodes of a graph for which the condition holds."},
    {"inline_external_table",
     "inline_external_table (COLUMN:TYPE, …) kind=storage dataformat=FORMAT (LOCATION, …) [with (PROPERTY=VALUE, …)]",
     "Reads files that the query names, as a table; the request must allow it."},
    {"invoke", "T | invoke FUNCTION(ARGUMENT, …)", "Calls a function whose first parameter is a table, with the table so far."},
    {"join", "T | join [kind=KIND] (RIGHT) on COLUMN, …  or  on $left.A == $right.B, …",
     "Puts rows of two tables side by side where their keys are equal."},
    {"lookup", "T | lookup [kind=leftouter|inner] (RIGHT) on COLUMN, …",
     "Adds the columns of a small table where the keys are equal."},
    {"macro-expand", "macro-expand [kind=KIND] GROUP as NAME (PIPELINE)",
     "Runs a pipeline for each member of a group, and unites the results."},
    {"make-graph", "EDGES | make-graph FROM --> TO [with NODES on ID]",
     "Makes a graph of a table of edges, and of one of nodes if there is one."},
    {"make-series",
     "T | make-series [NAME =] AGGREGATE [default=VALUE], … on AXIS [from START] [to END] step STEP [by COLUMN, …]",
     "Aggregates into arrays with one element for each step of an axis, gaps filled with a default."},
    {"mv-apply", "T | mv-apply [with_itemindex=NAME] [NAME =] ARRAY [to typeof(TYPE)] on (PIPELINE)",
     "Runs a pipeline over the elements of each row's array."},
    {"mv-expand", "T | mv-expand [kind=bag|array] [with_itemindex=NAME] [NAME =] ARRAY [to typeof(TYPE)], … [limit N]",
     "Gives a row for each element of an array or bag."},
    {"parse", "T | parse [kind=simple|regex|relaxed] [flags=FLAGS] EXPRESSION with [*] TEXT COLUMN[:TYPE] …",
     "Cuts a text into columns at the constant parts between them; null where it does not fit."},
    {"parse-kv", "T | parse-kv EXPRESSION as (KEY:TYPE, …) [with (PROPERTY=VALUE, …)]",
     "Takes the values of keys out of a text."},
    {"parse-where", "T | parse-where [kind=KIND] EXPRESSION with [*] TEXT COLUMN[:TYPE] …",
     "Cuts a text into columns as parse does, and drops the rows that do not fit."},
    {"partition", "T | partition [hint.strategy=STRATEGY] by COLUMN (PIPELINE)",
     "Runs a pipeline over the rows of each value of a column, and unites the results."},
    {"print", "print [NAME =] EXPRESSION, …", "Gives one row of these values."},
    {"project", "T | project [NAME =] EXPRESSION, …", "Gives these columns and no others."},
    {"project-away", "T | project-away COLUMN, …", "Drops columns; * in a name stands for any text."},
    {"project-by-names", "T | project-by-names NAMES, …", "Gives the columns whose names are in constant texts or arrays."},
    {"project-keep", "T | project-keep COLUMN, …",
     "Keeps these columns in the order of the table; * in a name stands for any text."},
    {"project-rename", "T | project-rename NEW = OLD, …", "Gives columns other names."},
    {"project-reorder", "T | project-reorder COLUMN [asc|desc|granny-asc|granny-desc], …",
     "Puts columns first, the others behind them."},
    {"range", "range NAME from START to END step STEP", "Makes a table of one column whose values lie a step apart."},
    {"reduce", "T | reduce by EXPRESSION [with threshold=T, characters=TEXT]",
     "Groups texts that look alike, and gives the patterns with their counts."},
    {"render", "T | render KIND [with (PROPERTY=VALUE, …)]", "Says how the client should draw the answer."},
    {"sample", "T | sample N", "Gives so many rows, picked at random."},
    {"sample-distinct", "T | sample-distinct N of EXPRESSION", "Gives so many different values of an expression."},
    {"scan",
     "T | scan [with_match_id=NAME] [declare (NAME:TYPE = VALUE, …)] with (step NAME: CONDITION => NAME = EXPRESSION, …;)",
     "Follows sequences of steps through rows in an order, with variables that each row may change."},
    {"search", "[T |] search [kind=KIND] [in (TABLE, …)] CONDITION", "Gives the rows of which any column holds a text."},
    {"serialize", "T | serialize [NAME = EXPRESSION, …]",
     "Takes the present order of the rows for one that later operators may rely on."},
    {"sort", "T | sort by EXPRESSION [asc|desc] [nulls first|last], …",
     "Puts the rows in order, descending where nothing else is said."},
    {"summarize", "T | summarize [NAME =] AGGREGATE, … [by [NAME =] EXPRESSION, …]",
     "Gives a row for each group, with aggregates of its rows."},
    {"take", "T | take N", "Gives so many rows, whichever come first."},
    {"top", "T | top N by EXPRESSION [asc|desc] [nulls first|last]", "Gives the first rows by an order."},
    {"top-hitters", "T | top-hitters N of EXPRESSION [by WEIGHT]",
     "Gives the values that occur most often, or have most weight."},
    {"top-nested", "T | top-nested [N] of EXPRESSION [with others=NAME] by AGGREGATE [asc|desc], …",
     "Gives the first values by an aggregate, and within each of them the first of the next expression."},
    {"union", "[T |] union [kind=inner|outer] [withsource=NAME] [isfuzzy=true|false] TABLE, …",
     "Gives the rows of all tables, one after another."},
    {"where", "T | where CONDITION", "Keeps the rows for which the condition holds."},
});
static_assert(std::ranges::is_sorted(kOperators, {}, &OperatorRow::name));

template <class Node, class Site>
concept BoundAt = requires(Binder& binder, const Node& node, const Site& site) { bind_operator(binder, node, site); };
template <class Node>
constexpr bool kBound = BoundAt<Node, OperatorSite> || BoundAt<Node, GraphSite>;

template <class... Nodes>
std::vector<std::string_view> bound_names(const std::variant<Nodes...>* /*of*/) {
  constexpr bool kAlternatives[] = {kBound<Nodes>...};
  std::vector<std::string_view> names;
  for (std::size_t at = 0; at < sizeof...(Nodes); ++at) {
    if (kAlternatives[at]) names.push_back(syntax::operator_name(at));
  }
  return names;
}

}  // namespace

std::span<const OperatorRow> tabular_operators() { return kOperators; }

bool is_bound_operator(std::string_view name) {
  static const std::vector<std::string_view> names = bound_names(static_cast<decltype(syntax::Operator::node)*>(nullptr));
  // Each of these is told from its neighbour by a flag of one node.
  if (name == "parse-where") name = "parse";
  if (name == "graph-where-edges") name = "graph-where-nodes";
  return std::ranges::find(names, name) != names.end();
}

}  // namespace wardian::kql

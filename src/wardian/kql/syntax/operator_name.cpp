#include <array>

#include "wardian/kql/syntax/tree_operator.h"

namespace wardian::kql::syntax {
namespace {

// In the order of the variant's alternatives.
constexpr auto kNames = std::to_array<std::string_view>({"print",
                                                         "range",
                                                         "datatable",
                                                         "externaldata",
                                                         "inline_external_table",
                                                         "union",
                                                         "find",
                                                         "search",
                                                         "evaluate",
                                                         "macro-expand",
                                                         "where",
                                                         "extend",
                                                         "project",
                                                         "project-away",
                                                         "project-keep",
                                                         "project-rename",
                                                         "project-by-names",
                                                         "project-reorder",
                                                         "summarize",
                                                         "distinct",
                                                         "count",
                                                         "take",
                                                         "sort",
                                                         "top",
                                                         "top-hitters",
                                                         "top-nested",
                                                         "sample",
                                                         "sample-distinct",
                                                         "serialize",
                                                         "reduce",
                                                         "join",
                                                         "lookup",
                                                         "fork",
                                                         "facet",
                                                         "partition",
                                                         "mv-expand",
                                                         "mv-apply",
                                                         "make-series",
                                                         "parse",
                                                         "parse-kv",
                                                         "scan",
                                                         "as",
                                                         "invoke",
                                                         "render",
                                                         "getschema",
                                                         "consume",
                                                         "execute_and_cache",
                                                         "assert-schema",
                                                         "make-graph",
                                                         "graph-match",
                                                         "graph-shortest-paths",
                                                         "graph-to-table",
                                                         "graph-mark-components",
                                                         "graph-where-nodes",
                                                         "?"});
static_assert(kNames.size() == std::variant_size_v<decltype(Operator::node)>);

}  // namespace

std::string_view operator_name(const Operator& operation) {
  if (const auto* parse = std::get_if<ParseOperator>(&operation.node); parse != nullptr && parse->drop_unmatched) {
    return "parse-where";
  }
  if (const auto* where = std::get_if<GraphWhereOperator>(&operation.node); where != nullptr && !where->nodes) {
    return "graph-where-edges";
  }
  return operator_name(operation.node.index());
}

std::string_view operator_name(std::size_t alternative) { return kNames[alternative]; }

}  // namespace wardian::kql::syntax

#pragma once

#include <map>
#include <optional>

#include "wardian/algorithm/table_algorithm.h"
#include "wardian/plan/expr.h"

/// The logical plan: what to compute, with every name and type resolved. Each node's `schema` is its output; expressions
/// refer to the columns of the node's input(s) by position. Plans are shared, immutable trees.
namespace wardian::plan {

struct NamedExpr {
  std::string name;
  ExprPtr expr;
};

/// What a file holds in place of a column of which the plan sees a conversion, as the engine names it, and its type there.
struct StoredColumn {
  std::string name, type;
};
/// A stored table, a file shown as a table, or the result of an earlier stage: all are relations of the engine.
struct Scan {
  std::vector<std::string> path;          // how the engine knows it: {"db","main","T"} or {"stage_3"}
  std::vector<std::string> columns;       // the engine's column names, in the order of the schema
  std::string label;                      // what explain prints
  std::vector<StoredColumn> stored = {};  // for each column; an empty name: as it is. Or nothing at all
};
/// Rows that stand in the query: print, datatable.
struct Rows {
  std::vector<std::vector<ExprPtr>> rows;
};  // expressions without columns
/// start, start + step, … up to and including stop (below it when step is negative); integers, reals, ticks.
struct Range {
  ExprPtr start, stop, step;
  NodePtr input = nullptr;  // a series for each of its rows, whose columns it follows and the bounds may name; null: one series
};
struct Filter {
  NodePtr input;
  ExprPtr condition;
  std::vector<std::uint32_t> partition = {};  // columns of the input: window calls see the rows that agree in them
};
/// Exactly these columns.
struct Project {
  NodePtr input;
  std::vector<NamedExpr> columns;
  std::vector<std::uint32_t> partition = {};  // as a filter's
};
/// Keys first, then aggregates. No keys: one row, also for no input. An aggregate is a Call over the input's columns
/// whose lowering makes an SQL aggregate.
struct Aggregate {
  NodePtr input;
  std::vector<NamedExpr> keys;
  std::vector<NamedExpr> aggregates;
};
struct SortKey {
  ExprPtr expr;
  bool descending = true;
  bool nulls_first = false;
};
struct Sort {
  NodePtr input;
  std::vector<SortKey> keys;
};
struct Limit {
  NodePtr input;
  ExprPtr rows;
};  // keeps the input's order
struct Distinct {
  NodePtr input;
};

enum class JoinKind : std::uint8_t {
  inner,
  inner_unique,
  left_outer,
  right_outer,
  full_outer,
  left_semi,
  left_anti,
  right_semi,
  right_anti,
};
/// Equal keys (null never equals) and an optional further condition. Output: the left columns then the right ones; for
/// semi and anti joins those of one side.
struct Join {
  NodePtr left, right;
  JoinKind kind = JoinKind::inner_unique;
  std::vector<std::pair<ExprPtr, ExprPtr>> keys;            // left over input 0, right over input 1
  std::vector<std::pair<ExprPtr, ExprPtr>> null_safe = {};  // further keys, of which null equals null
  ExprPtr condition = nullptr;                              // that must hold as well; may be null
};
/// Rows of all inputs; each input has exactly this node's schema.
struct Union {
  std::vector<NodePtr> inputs;
};
/// mv-expand: one output row for each element of the expanded columns. The schema begins with the input's columns, in
/// their places (an expanded one turns dynamic), then come those that items add and the index.
struct Expand {
  struct Item {
    ExprPtr value;       // a dynamic array or bag
    std::size_t output;  // position in the schema it replaces or adds; dynamic (a conversion is a Project above)
  };
  NodePtr input;
  std::vector<Item> items;                  // several go in step, the shorter padded with null
  bool bag_as_array = false;                // kind=array: a bag's pair arrives as [key, value]
  std::optional<std::size_t> index_output;  // with_itemindex
  ExprPtr row_limit;                        // per input row, or null
};
/// The same table used more than once: computed once in a run.
struct Shared {
  NodePtr input;
  std::string name;  // the let name, or "materialized"
  std::uint64_t id;  // equal for all uses
};

/// Rows that C++ makes of whole tables, where SQL has no words for it. Ends a stage.
struct AlgorithmCall {
  std::vector<NodePtr> inputs;  // at least one
  std::shared_ptr<const algorithm::TableAlgorithm> algorithm;
  SourceSpan span;
};

/// A file that a Python call is given.
struct Artifact {
  std::string name;      // that of its file in the sandbox
  std::string location;  // a path or a URL, as the query says it
  SourceSpan span;
};

/// kargs[key] is the blob of that name, which an earlier call left or the database folder keeps.
struct BlobReference {
  std::string key;
  std::string name;
  SourceSpan span;
};

/// Python over the table; the pyrun adapter is told all of this. Ends a stage.
struct PythonCall {
  NodePtr input;
  std::string script;
  std::uint32_t script_line = 1;  // where the script literal starts in the request text
  std::string arguments_json;     // kargs as one JSON object
  std::vector<Artifact> artifacts;
  std::vector<BlobReference> blobs;
  bool per_node = false;
  std::string image;                             // by its name; empty: the script's own choice, or the request's
  bool debug = false;                            // kept, to be run again by hand: set query_python_debug
  std::optional<std::uint64_t> batch_rows = {};  // the script takes batches of so many rows
  bool spills = true;                            // the table may lie on disk where it is larger than the sandbox's memory
  SourceSpan span;
  std::string dtypes;  // of `set python_dtypes`; empty: the request's
};

struct Node {
  std::variant<Scan, Rows, Range, Filter, Project, Aggregate, Sort, Limit, Distinct, Join, Union, Expand, Shared, AlgorithmCall,
               PythonCall>
      node;
  columnar::Schema schema;
  bool serialized = false;  // row order is part of the result: after sort, serialize, range, …
  Extent extent = {};
};

Extent extent_of(const Scan&);
Extent extent_of(const Rows& rows);
Extent extent_of(const Range& range);
Extent extent_of(const Filter& filter);
Extent extent_of(const Project& project);
Extent extent_of(const Aggregate& aggregate);
Extent extent_of(const Sort& sort);
Extent extent_of(const Limit& limit);
Extent extent_of(const Distinct& distinct);
Extent extent_of(const Join& join);
Extent extent_of(const Union& all);
Extent extent_of(const Expand& expand);
Extent extent_of(const Shared& shared);
Extent extent_of(const AlgorithmCall& call);
Extent extent_of(const PythonCall& call);

template <class NodeType>
NodePtr make_node(NodeType node, columnar::Schema schema, bool serialized = false) {
  const Extent extent = extent_of(node);
  return std::make_shared<const Node>(Node{std::move(node), std::move(schema), serialized, extent});
}

/// Visualisation asked for by `render`, as the last step of a statement.
struct Rendering {
  std::string kind;  // "timechart", …
  std::map<std::string, std::string> properties;
};

/// One result of a request.
struct Statement {
  NodePtr table;
  std::string name;  // from `as`, else empty
  std::optional<Rendering> rendering;
};

}  // namespace wardian::plan

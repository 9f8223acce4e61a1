#pragma once

#include "wardian/base/result.h"
#include "wardian/plan/node.h"

namespace wardian::plan {

/// What runs on the engine: an SQL query whose columns, in order, are the schema's, each of its sqltree::column_type().
struct SqlPiece {
  sqltree::QueryPtr query;
  columnar::Schema schema;
};

/// One step of a run. A step's result is kept as the temporary relation `output` for the steps after it, except for the
/// last, whose result is the answer. Columns of `output`: as the query names them in SQL; after algorithms and Python, whose frames
/// later steps read as `wardian_frame('output')`, c0, c1, ….
struct Stage {
  /// One, but for algorithms.
  std::vector<SqlPiece> inputs;
  /// With one of the two: it is handed the rows of the inputs and its result is `schema`. Without: the rows of the input itself.
  std::optional<AlgorithmCall> algorithm;
  std::optional<PythonCall> python;

  const SqlPiece& input() const { return inputs.front(); }
  columnar::Schema schema;
  bool serialized = false;
  /// Stored tables, here or in another stage of the program: all its stages must see the same state of them.
  bool reads_tables = false;
  std::string output;
};

/// Cuts the plan at algorithms and Python calls (and at tables shared between stages) and lowers each piece. The last stage is the
/// answer and is SQL alone. `first_stage` keeps the names of several programs in one session apart.
Result<std::vector<Stage>> lower(const NodePtr& plan, std::uint64_t& next_stage);

/// The plan as an indented tree, one node a line, for explain and golden tests.
std::string describe(const Node& node, int depth = 0);

/// `call` over the rows of `site` in their serialized order. A WindowCall's rewrite that makes more than the bare call (a
/// default for lag, say) puts its window functions through this; a rewrite whose result is a bare call gets it from the
/// lowering.
sqltree::ExprPtr over_row_order(const CallSite& site, sqltree::ExprPtr call, std::string frame);

/// Whether a row is the first of the serialized order; only below window calls.
sqltree::ExprPtr is_first_row();

/// The rewrite of a WindowCall that is the row's place in the serialized order, from 1.
sqltree::ExprPtr row_place(const CallSite& site);

}  // namespace wardian::plan

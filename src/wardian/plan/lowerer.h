#pragma once

#include <map>
#include <set>

#include "wardian/plan/lower.h"
#include "wardian/plan/stored_bounds.h"
#include "wardian/sqltree/build.h"
#include "wardian/sqltree/column_type.h"

/// Inside of plan/lower: one Lowerer makes the stages of one plan.
namespace wardian::plan {

namespace sql = sqltree;

/// A lowered node: a query and the engine's names of its columns, one for each column of the node's schema.
struct Relation {
  sql::Query query;
  std::vector<std::string> names;
  /// Set when the relation is a table as it stands, so that it needs no derived table around it.
  sql::TableRefPtr table;
};

class Lowerer {
 public:
  explicit Lowerer(std::uint64_t& next_stage) : next_stage_(next_stage) {}

  Result<std::vector<Stage>> program(const NodePtr& plan);

 private:
  // lower_node.cpp
  Result<Relation> relation(const Node& node);
  Result<Relation> lower(const Node& node, const Scan& scan);
  Result<Relation> lower(const Node& node, const Rows& rows);
  Result<Relation> lower(const Node& node, const Range& range);
  Result<Relation> lower(const Node& node, const Filter& filter);
  Result<Relation> lower(const Node& node, const Project& project);
  Result<Relation> lower(const Node& node, const Aggregate& aggregate);
  Result<Relation> lower(const Node& node, const Sort& sort);
  Result<Relation> lower(const Node& node, const Limit& limit);
  Result<Relation> lower(const Node& node, const Distinct& distinct);
  Result<Relation> lower(const Node& node, const Join& join);
  Result<Relation> lower(const Node& node, const Union& all);
  Result<Relation> lower(const Node& node, const Expand& expand);
  Result<Relation> lower(const Node& node, const Shared& shared);
  Result<Relation> lower(const Node& node, const AlgorithmCall& call);
  Result<Relation> lower(const Node& node, const PythonCall& call);
  /// A stage whose result comes as frames, in their order.
  Relation as_frames(Stage stage, const Node& node);
  /// The relation computed in a stage of its own.
  Relation as_stage(Relation relation, const Node& node);
  Result<Relation> constant_rows(const Node& node, const Rows& rows);

  /// The relation as something FROM can name, under `alias`.
  static sql::TableRefPtr as_table(Relation relation, std::string alias);

  // lower_expr.cpp
  struct Inputs {  // the names that column references of a node's expressions mean
    std::string alias[2];
    const std::vector<std::string>* names[2] = {nullptr, nullptr};
    bool ordered = false;                      // the rows have their place in kOrdinalColumn
    std::vector<sql::ExprPtr> partition = {};  // what the rows that a window call sees agree in
    bool streams = false;                      // all window calls are of the kind that the engine answers row by row
  };
  Inputs one_input(const std::vector<std::string>& names, bool ordered, const std::vector<std::uint32_t>& partition, bool around);
  Result<sql::ExprPtr> expression(const Expr& expr, const Inputs& inputs);
  Result<sql::ExprPtr> condition(const Expr& expr, const Inputs& inputs);
  Result<sql::ExprPtr> window(const Expr& expr, const WindowCall& call, const Inputs& inputs);
  Result<sql::ExprPtr> membership(const InSubquery& in, const Inputs& inputs, bool null_is_false);
  Result<sql::ExprPtr> holds_null(const InSubquery& in);

  /// The piece `query` with the common tables it uses.
  SqlPiece piece(Relation relation, const columnar::Schema& schema);
  void count_uses(const Node& node);
  void count_uses(const Expr& expr);
  void count_condition(const Expr& expr);

  /// How deep the SQL of the relation just lowered nests. The engine's parser and binder go as deep as the text, and its
  /// optimizer pushes filters through each grouping twice, so that both are cut into stages.
  struct Nesting {
    int levels = 0;
    int groupings = 0;
    static constexpr int kLevelsMax = 64;
    static constexpr int kGroupingsMax = 8;
  };

  Nesting nesting_;
  std::vector<StoredBound> bounds_;  // what the filters above demand of the node to be lowered next
  const Inputs* around_ = nullptr;   // of the row that a subquery depends on
  int rows_around_ = 0;
  std::uint64_t& next_stage_;
  std::vector<Stage> stages_;
  bool reads_tables_ = false;
  std::map<std::uint64_t, int> shared_uses_;
  std::map<std::uint64_t, Relation> shared_relations_;  // already a temporary relation of an earlier stage
};

/// Added below a node with window calls: the row's place in the serialized order, counted for each partition apart.
inline constexpr std::string_view kOrdinalColumn = "#row";
/// With partitions: the place among all rows.
inline constexpr std::string_view kOverallColumn = "#overall";

/// Whether one of its aggregates is to meet the rows in their order, or in any that is the same from run to run.
bool wants_row_order(const Aggregate& aggregate);

/// True when any part of the expression is a window call.
bool has_window_call(const Expr& expr);
/// True when a part makes a window function of SQL: any window call but the row's place alone.
bool has_window_function(const Expr& expr);
/// True when the engine answers every window call of it in one pass over the rows as they come, without a sort, as it does for
/// windows over nothing that are running totals or look a constant number of rows back or ahead.
bool windows_stream(const Expr& expr);
/// True when a part is a subquery that depends on the row.
bool has_subquery_of_row(const Expr& expr);

/// A constant as an SQL literal of exactly its type.
sql::ExprPtr literal(const columnar::Value& value);
/// The same without a cast, for VALUES, whose columns are cast as a whole.
sql::ExprPtr bare_literal(const columnar::Value& value);

}  // namespace wardian::plan

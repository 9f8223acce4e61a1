#pragma once

#include <map>

#include "wardian/plan/dependence.h"
#include "wardian/plan/lowerer.h"
#include "wardian/plan/per_group.h"

/// Inside of plan/per_group: one PerGroup widens one plan, node by node.
namespace wardian::plan {

/// The column `at` of a node with that schema.
ExprPtr column_of(const columnar::Schema& schema, std::size_t at, std::uint32_t input = 0);
NodePtr with_columns(NodePtr input, std::vector<NamedExpr> columns, bool serialized);

class PerGroup {
 public:
  PerGroup(const Groups& groups, const std::function<Error(std::string_view)>& refused)
      : groups_(groups),
        refused_(refused),
        reads_(groups.table),
        tail_(groups.rows->schema.end() - static_cast<std::ptrdiff_t>(groups.ids + groups.carried), groups.rows->schema.end()) {}

  Result<NodePtr> whole(const NodePtr& plan);

 private:
  /// What became of a node: over all groups with the tail's columns added, or as it was since it reads nothing of them.
  struct Made {
    NodePtr node;
    bool per_group = false;
    bool total = false;  // each group has rows
  };

  // --- the tail
  std::vector<std::uint32_t> ids_from(std::size_t width) const;
  /// The tail's columns of a node of `schema`, where they begin at `from`.
  std::vector<NamedExpr> tail(const columnar::Schema& schema, std::size_t from) const;
  columnar::Schema with_tail(columnar::Schema schema) const;
  /// The first `width` columns and then those from `from` on, as the tail.
  NodePtr reordered(NodePtr node, std::size_t width, std::size_t from) const;

  NodePtr shared(NodePtr node, std::string name) const;
  /// One row a group: its tail.
  NodePtr domain();
  const NodePtr& table();
  /// A table that reads nothing of the groups, once for each of them.
  Made grouped(const Made& made);
  Result<Made> grouped_node(const NodePtr& input);

  // --- expressions
  /// Scalars of subqueries that read the groups become columns at the end of `input`, whose tail begins at `width`.
  Result<ExprPtr> expr(const ExprPtr& given, NodePtr& input, std::size_t width);
  Result<std::vector<NamedExpr>> exprs(std::vector<NamedExpr> given, NodePtr& input, std::size_t width);

  // --- nodes
  Result<Made> limited(Made made, std::size_t width, ExprPtr rows);

  Result<Made> node(const NodePtr& given);
  Result<Made> made_of(const Node& given, const Scan&);
  Result<Made> made_of(const Node& given, const Rows& rows);
  Result<Made> made_of(const Node& given, const Range& range);
  Result<Made> made_of(const Node& given, const Filter& filter);
  Result<Made> made_of(const Node& given, const Project& project);
  Result<Made> made_of(const Node& given, const Aggregate& aggregate);

  /// Without keys there is one row also for a group without rows: what the aggregates are of nothing.
  NodePtr filled(const Node& given, const Aggregate& aggregate, NodePtr found);
  Result<Made> made_of(const Node& given, const Sort& sort);
  Result<Made> made_of(const Node& given, const Limit& limit);
  Result<Made> made_of(const Node& given, const Distinct& distinct);
  Result<Made> made_of(const Node& given, const Join& join);
  Result<Made> made_of(const Node& given, const Union& all);
  Result<Made> made_of(const Node& given, const Expand& expand);
  Result<Made> made_of(const Node&, const Shared& one);
  Result<Made> made_of(const Node& given, const AlgorithmCall& call);
  Result<Made> made_of(const Node&, const PythonCall&);

  const Groups& groups_;
  const std::function<Error(std::string_view)>& refused_;
  Dependence reads_;
  const columnar::Schema tail_;
  std::map<std::uint64_t, Made> shared_;
  NodePtr table_, domain_, domain_rows_;
};

}  // namespace wardian::plan

#pragma once

#include "wardian/kql/binder.h"
#include "wardian/kql/syntax/tree.h"

namespace wardian::kql {

/// What a make-graph is partitioned by. `column` is empty where it is one graph.
struct Partition {
  std::string column;
  SourceSpan span;
};

/// What begins the keys of a partition's nodes: the partition's value and its length, so that no two keys of several partitions meet.
Result<ExprPtr> key_prefix(Binder& binder, const plan::Node& table, const Partition& partition);

/// The pipeline over each graph of its own, the results together. `graph` holds all partitions, `edges` has the partition's column.
Result<Bound> over_partitions(Binder& binder, const GraphPtr& graph, const NodePtr& edges, const Partition& partition,
                              const syntax::Pipe& pipe, const Environment& env);

}  // namespace wardian::kql

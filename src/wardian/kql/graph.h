#pragma once

#include <memory>

#include "wardian/plan/node.h"

namespace wardian::kql {

/// What make-graph gives: a value of the pipeline that is no table. Its two tables are computed once, however often they are used.
/// A node is known by its key, the text of its id; every end of an edge is the key of exactly one node.
struct Graph {
  plan::NodePtr nodes;    // the properties, then the key
  plan::NodePtr edges;    // the properties, then the keys of source and target
  bool directed = true;   // false: made with `--`; every edge goes both ways
  plan::Extent extent{};  // of both tables

  std::size_t node_properties() const { return nodes->schema.size() - 1; }
  std::size_t edge_properties() const { return edges->schema.size() - 2; }
};
using GraphPtr = std::shared_ptr<const Graph>;

GraphPtr make_graph(plan::NodePtr nodes, plan::NodePtr edges, bool directed);

}  // namespace wardian::kql

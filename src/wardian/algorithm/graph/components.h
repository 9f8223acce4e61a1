#pragma once

#include <memory>

#include "wardian/algorithm/table_algorithm.h"

namespace wardian::algorithm {

/// Inputs: the edges' source and target keys; the nodes' keys. Rows: each node's key and the number of its component, from 0 in the order
/// in which the edges, then the nodes, are read. Weak: nodes that edges join, whatever their direction (union by size). Strong: nodes
/// that reach each other (Tarjan 1972, "Depth-first search and linear graph algorithms"). Linear in nodes and edges.
std::shared_ptr<const TableAlgorithm> components(bool strong);
columnar::Schema component_schema();

}  // namespace wardian::algorithm

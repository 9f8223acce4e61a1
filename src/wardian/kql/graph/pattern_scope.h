#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "wardian/kql/graph.h"
#include "wardian/kql/syntax/tree.h"

namespace wardian::kql {

/// A node, an edge or an edge of variable length (a path) of a pattern, wherever the pattern names it.
struct PatternElement {
  enum class Kind : std::uint8_t { node, edge, path };
  Kind kind = Kind::node;
  std::string name;  // empty: it has none
  SourceSpan span;
  std::size_t first = 0;  // its first column in a match
};

/// all(), any() or map() over the edges or the inner nodes of a path: a column that is added to the matches.
struct ElementCall {
  enum class Kind : std::uint8_t { all, any, map };
  Kind kind = Kind::all;
  std::size_t path = 0;  // the element
  bool inner = false;    // over the inner nodes
  plan::ExprPtr value;   // over the columns of one edge or node, followed by those of the match
};

/// What the names of a pattern mean in its `where` and `project`, and what these ask of the match.
/// A match has the columns of all elements one after the other. A node: its properties, key, degree in, degree out. An edge: its
/// properties, its number. A path: the numbers of its edges, the keys of its inner nodes (arrays both), its length. Then come the
/// columns of the calls.
struct PatternScope {
  GraphPtr graph;
  columnar::Schema node_row, edge_row;      // the columns of one element
  columnar::Schema node_names, edge_names;  // its properties alone
  std::vector<PatternElement> elements;
  columnar::Schema columns;  // of a match, calls excepted
  std::vector<ElementCall> calls;
  bool degrees = false;              // some expression asks for them
  std::set<std::size_t> shown;       // elements of which an expression asks anything
  std::set<std::size_t> inner;       // paths whose inner nodes are asked for
  std::set<std::size_t> used;        // elements named by the expression being bound
  std::optional<std::size_t> every;  // a path whose property it names as if it were one edge

  std::size_t node_properties() const { return graph->node_properties(); }
  std::size_t edge_properties() const { return graph->edge_properties(); }
  std::size_t node_key(std::size_t node) const { return elements[node].first + node_properties(); }
  std::size_t edge_number(std::size_t edge) const { return elements[edge].first + edge_properties(); }

  std::optional<std::size_t> find(std::string_view name) const {
    for (std::size_t at = 0; at < elements.size(); ++at) {
      if (!elements[at].name.empty() && elements[at].name == name) return at;
    }
    return std::nullopt;
  }
};

}  // namespace wardian::kql

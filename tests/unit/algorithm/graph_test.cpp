// Components and paths against searches that try everything.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "wardian/algorithm/batch_builder.h"
#include "wardian/algorithm/graph/components.h"
#include "wardian/algorithm/graph/paths.h"

namespace wardian::algorithm {
namespace {

using columnar::Type;
using Edges = std::vector<std::pair<int, int>>;

OpenInput table_of(columnar::Schema schema, const std::function<void(BatchBuilder&)>& fill) {
  return [schema, fill]() -> Result<std::unique_ptr<columnar::BatchStream>> {
    return stream_of(schema, [schema, fill, done = false]() mutable -> Result<std::optional<columnar::Batch>> {
      if (std::exchange(done, true)) return std::optional<columnar::Batch>();
      BatchBuilder made(schema);
      fill(made);
      return std::optional<columnar::Batch>(made.take());
    });
  };
}
OpenInput edge_table(const Edges& edges) {
  return table_of({{"s", Type::string}, {"t", Type::string}, {"n", Type::int64}}, [edges](BatchBuilder& made) {
    for (std::size_t at = 0; at < edges.size(); ++at) {
      made.add_text(0, std::to_string(edges[at].first));
      made.add_text(1, std::to_string(edges[at].second));
      made.add_long(2, static_cast<std::int64_t>(at));
    }
  });
}
OpenInput node_table(const std::vector<int>& nodes) {
  return table_of({{"k", Type::string}}, [nodes](BatchBuilder& made) {
    for (const int node : nodes) made.add_text(0, std::to_string(node));
  });
}

/// Every row as text: cells with blanks between them.
std::multiset<std::string> rows_of(const TableAlgorithm& algorithm, const std::vector<OpenInput>& inputs) {
  const RunBounds bounds;
  auto stream = algorithm.run(inputs, bounds);
  EXPECT_TRUE(stream.ok());
  std::multiset<std::string> made;
  for (;;) {
    const auto batch = (*stream)->next();
    EXPECT_TRUE(batch.ok());
    if (!*batch) return made;
    for (std::size_t row = 0; row < (*batch)->rows; ++row) {
      std::string text;
      for (const columnar::ColumnView& column : (*batch)->columns) {
        if (const auto* texts = std::get_if<std::span<const std::string_view>>(&column.values))
          text += std::string((*texts)[row]) + " ";
        else
          text += std::to_string(std::get<std::span<const std::int64_t>>(column.values)[row]) + " ";
      }
      made.insert(text);
    }
  }
}

struct Path {
  std::vector<int> nodes, edges;
};

/// Every path by trying all edges at every step.
void all_paths(const Edges& edges, const PathSearch& search, Path& path, const std::function<void(const Path&)>& visit) {
  const auto length = static_cast<std::int64_t>(path.edges.size());
  if (length >= search.length_min) visit(path);
  if (length == search.length_max) return;
  for (std::size_t at = 0; at < edges.size(); ++at) {
    for (const bool back : {false, true}) {
      if (back && (!search.both_ways || edges[at].first == edges[at].second)) continue;
      const auto [from, to] = back ? std::pair(edges[at].second, edges[at].first) : edges[at];
      if (from != path.nodes.back()) continue;
      const int edge = static_cast<int>(at);
      if (search.cycles == PathCycles::unique_edges && std::ranges::find(path.edges, edge) != path.edges.end()) continue;
      if (search.cycles == PathCycles::none && std::ranges::find(path.nodes, to) != path.nodes.end()) continue;
      path.nodes.push_back(to);
      path.edges.push_back(edge);
      all_paths(edges, search, path, visit);
      path.nodes.pop_back();
      path.edges.pop_back();
    }
  }
}

std::string row_of(const Path& path, const PathSearch& search) {
  std::string edges, inner;
  for (const int edge : path.edges) edges += (edges.empty() ? "" : ",") + std::to_string(edge);
  for (std::size_t at = 1; search.inner_nodes && at + 1 < path.nodes.size(); ++at)
    inner += (inner.empty() ? "\"" : ",\"") + std::to_string(path.nodes[at]) + "\"";
  return std::to_string(path.nodes.front()) + " " + std::to_string(path.nodes.back()) + " [" + edges + "] [" + inner + "] " +
         std::to_string(path.edges.size()) + " ";
}

constexpr int kNodes = 6;

std::multiset<std::string> expected_paths(const Edges& edges, const PathSearch& search, const std::vector<int>& starts,
                                          const std::vector<int>& ends, const std::vector<int>& inner) {
  const auto within = [](const std::vector<int>& nodes, bool restricted, int node) {
    return !restricted || std::ranges::find(nodes, node) != nodes.end();
  };
  std::map<std::pair<int, int>, std::vector<Path>> found;
  for (int start = 0; start < kNodes; ++start) {
    if (!within(starts, search.starts, start)) continue;
    Path path{{start}, {}};
    all_paths(edges, search, path, [&](const Path& each) {
      if (!within(ends, search.ends, each.nodes.back()) || (search.closed && each.nodes.back() != start)) return;
      for (std::size_t at = 1; at + 1 < each.nodes.size(); ++at) {
        if (!within(inner, search.inner, each.nodes[at])) return;
      }
      found[{start, each.nodes.back()}].push_back(each);
    });
  }
  std::multiset<std::string> made;
  for (const auto& [ends_of, paths] : found) {
    std::size_t least = SIZE_MAX;
    for (const Path& each : paths) least = std::min(least, each.edges.size());
    for (const Path& each : paths) {
      if (search.wanted == PathsWanted::every || each.edges.size() == least) made.insert(row_of(each, search));
    }
  }
  return made;
}

TEST(Paths, AreThoseThatTryingEverythingFinds) {
  std::mt19937 random(7);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 600; ++round) {
    Edges edges;
    for (int count = 1 + below(8); count > 0; --count) edges.emplace_back(below(kNodes), below(kNodes));
    PathSearch search;
    search.length_min = below(3);
    search.length_max = search.length_min + below(3);
    search.both_ways = below(2) == 1;
    search.closed = below(6) == 0;
    search.inner_nodes = below(2) == 1;
    search.wanted = static_cast<PathsWanted>(below(2));
    if (search.wanted == PathsWanted::every) search.cycles = static_cast<PathCycles>(below(3));
    search.starts = below(2) == 1;
    search.ends = !search.closed && below(2) == 1;
    search.inner = below(3) == 0;
    search.all_nodes = true;
    std::vector<int> starts, ends, inner, all;
    for (int node = 0; node < kNodes; ++node) {
      all.push_back(node);
      if (below(2) == 1) starts.push_back(node);
      if (below(2) == 1) ends.push_back(node);
      if (below(2) == 1) inner.push_back(node);
    }
    std::vector<OpenInput> inputs = {edge_table(edges)};
    if (search.starts) inputs.push_back(node_table(starts));
    if (search.ends) inputs.push_back(node_table(ends));
    if (search.inner) inputs.push_back(node_table(inner));
    inputs.push_back(node_table(all));
    const auto expected = expected_paths(edges, search, starts, ends, inner);
    ASSERT_EQ(rows_of(*path_search(search), inputs), expected) << "round " << round;
    if (search.wanted != PathsWanted::shortest) continue;
    // One of them for each pair.
    search.wanted = PathsWanted::any_shortest;
    std::set<std::string> pairs, given;
    const auto ends_of = [](const std::string& row) { return row.substr(0, row.find('[')); };
    for (const std::string& row : expected) pairs.insert(ends_of(row));
    for (const std::string& row : rows_of(*path_search(search), inputs)) {
      EXPECT_TRUE(expected.contains(row));
      EXPECT_TRUE(given.insert(ends_of(row)).second);
    }
    EXPECT_EQ(given, pairs) << "round " << round;
  }
}

TEST(Paths, MoreThanThereIsMemoryForAreRefused) {
  Edges edges;
  for (int from = 0; from < 12; ++from) {
    for (int to = 0; to < 12; ++to) edges.emplace_back(from, to);
  }
  PathSearch search;
  search.length_max = 12;
  RunBounds bounds;
  bounds.memory_bytes_max = 20'000'000;
  const std::vector<OpenInput> inputs = {edge_table(edges)};
  auto stream = path_search(search)->run(inputs, bounds);
  ASSERT_TRUE(stream.ok());
  for (;;) {
    const auto batch = (*stream)->next();
    if (batch.ok() && *batch) continue;
    ASSERT_FALSE(batch.ok());
    EXPECT_EQ(batch.error().code, ErrorCode::out_of_memory);
    break;
  }
  bounds.memory_bytes_max = 1000;
  EXPECT_FALSE(path_search(search)->run(inputs, bounds).ok());
}

TEST(Paths, ASearchThatFindsNothingEndsWithItsRequest) {
  Edges edges;
  for (int from = 0; from < 12; ++from) {
    for (int to = 0; to < 12; ++to) edges.emplace_back(from, to);
  }
  PathSearch search;
  search.length_min = search.length_max = 9;
  search.cycles = PathCycles::none;
  search.closed = true;
  int asked = 0;
  RunBounds bounds;
  bounds.may_go_on = [&] { return ++asked > 3 ? Status(Error{ErrorCode::cancelled, "enough"}) : Status(); };
  const std::vector<OpenInput> inputs = {edge_table(edges)};
  auto stream = path_search(search)->run(inputs, bounds);
  const auto batch = stream.ok() ? (*stream)->next() : Result<std::optional<columnar::Batch>>(std::move(stream).error());
  ASSERT_FALSE(batch.ok());
  EXPECT_EQ(batch.error().code, ErrorCode::cancelled);
}

/// Which nodes reach which.
std::set<std::pair<int, int>> reach(const Edges& edges, bool both_ways, int nodes) {
  std::set<std::pair<int, int>> made;
  for (int node = 0; node < nodes; ++node) made.emplace(node, node);
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& [from, to] : edges) {
      for (int node = 0; node < nodes; ++node) {
        if (made.contains({node, from})) grown |= made.emplace(node, to).second;
        if (both_ways && made.contains({node, to})) grown |= made.emplace(node, from).second;
      }
    }
  }
  return made;
}

TEST(Components, HoldNodesThatReachEachOther) {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    const int nodes = 1 + static_cast<int>(random() % 9);
    Edges edges;
    for (unsigned count = random() % 12; count > 0; --count)
      edges.emplace_back(static_cast<int>(random() % static_cast<unsigned>(nodes)),
                         static_cast<int>(random() % static_cast<unsigned>(nodes)));
    std::vector<int> all;
    for (int node = 0; node < nodes; ++node) all.push_back(node);
    for (const bool strong : {false, true}) {
      const auto reached = reach(edges, !strong, nodes);
      std::map<int, int> component;
      for (const std::string& row : rows_of(*components(strong), {edge_table(edges), node_table(all)})) {
        int node = 0, number = 0;
        ASSERT_EQ(std::sscanf(row.c_str(), "%d %d", &node, &number), 2);
        component[node] = number;
      }
      ASSERT_EQ(component.size(), all.size());
      std::set<int> numbers;
      for (const int a : all) {
        numbers.insert(component[a]);
        for (const int b : all)
          EXPECT_EQ(component[a] == component[b], reached.contains({a, b}) && reached.contains({b, a})) << round;
      }
      EXPECT_EQ(*numbers.rbegin(), static_cast<int>(numbers.size()) - 1);
    }
  }
}

TEST(Components, AChainOfAMillionNodesIsOneAndAStackOfNone) {
  Edges edges;
  for (int node = 0; node < 1'000'000; ++node) edges.emplace_back(node, node + 1);
  edges.emplace_back(1'000'000, 0);
  for (const bool strong : {false, true}) {
    const std::vector<OpenInput> inputs = {edge_table(edges), node_table({0})};
    const RunBounds bounds;
    auto stream = components(strong)->run(inputs, bounds);
    ASSERT_TRUE(stream.ok());
    std::size_t rows = 0;
    for (;;) {
      const auto batch = (*stream)->next();
      ASSERT_TRUE(batch.ok());
      if (!*batch) break;
      rows += (*batch)->rows;
      EXPECT_EQ(std::get<std::span<const std::int64_t>>((*batch)->columns[1].values)[0], 0);
    }
    EXPECT_EQ(rows, 1'000'001U);
  }
}

}  // namespace
}  // namespace wardian::algorithm

#include "wardian/algorithm/graph/components.h"

#include <numeric>

#include "wardian/algorithm/batch_builder.h"
#include "wardian/algorithm/graph/adjacency.h"

namespace wardian::algorithm {
namespace {

constexpr std::uint32_t kNone = UINT32_MAX;
constexpr std::size_t kRowsABatch = 8192;

/// A node of each component, for every node.
std::vector<std::uint32_t> weak_components(const std::vector<Adjacency::Edge>& edges, std::uint32_t nodes) {
  std::vector<std::uint32_t> above(nodes), sizes(nodes, 1);
  std::iota(above.begin(), above.end(), 0U);
  const auto top = [&](std::uint32_t node) {
    while (above[node] != node) node = above[node] = above[above[node]];
    return node;
  };
  for (const Adjacency::Edge& edge : edges) {
    std::uint32_t a = top(edge.from), b = top(edge.to);
    if (a == b) continue;
    if (sizes[a] < sizes[b]) std::swap(a, b);
    above[b] = a;
    sizes[a] += sizes[b];
  }
  for (std::uint32_t node = 0; node < nodes; ++node) above[node] = top(node);
  return above;
}

/// Tarjan's search with a stack of its own.
Result<std::vector<std::uint32_t>> strong_components(const Adjacency& graph, Watch& watch) {
  const std::uint32_t nodes = graph.nodes();
  std::vector<std::uint32_t> order(nodes, kNone), low(nodes), component(nodes, kNone), open;
  std::vector<std::uint32_t> next(nodes, 0), path;
  std::uint32_t met = 0;
  for (std::uint32_t root = 0; root < nodes; ++root) {
    if (order[root] != kNone) continue;
    path.push_back(root);
    while (!path.empty()) {
      WARDIAN_TRY(watch.step());
      const std::uint32_t node = path.back();
      if (order[node] == kNone) {
        order[node] = low[node] = met++;
        open.push_back(node);
      }
      const auto arcs = graph.arcs(node);
      if (next[node] < arcs.size()) {
        const std::uint32_t to = arcs[next[node]++].to;
        if (order[to] == kNone)
          path.push_back(to);
        else if (component[to] == kNone)
          low[node] = std::min(low[node], order[to]);
        continue;
      }
      path.pop_back();
      if (!path.empty()) low[path.back()] = std::min(low[path.back()], low[node]);
      if (low[node] != order[node]) continue;
      for (std::uint32_t member = kNone; member != node;) {
        member = open.back();
        open.pop_back();
        component[member] = node;
      }
    }
  }
  return component;
}

class Components final : public TableAlgorithm {
 public:
  explicit Components(bool strong) : strong_(strong) {}

  std::string describe() const override { return strong_ ? "strong components" : "weak components"; }

  Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const OpenInput> inputs, const RunBounds& bounds) const override {
    Watch watch(bounds);
    auto nodes = std::make_shared<NodeNumbers>();
    WARDIAN_ASSIGN(EdgeTable table, read_edges(inputs[0], *nodes, watch));
    WARDIAN_ASSIGN(const std::vector<std::uint32_t> all, read_nodes(inputs[1], *nodes, watch));
    std::vector<std::uint32_t> parts;
    if (strong_) {
      const Adjacency graph(table.edges, nodes->size(), false, false);
      table = {};
      WARDIAN_ASSIGN(parts, strong_components(graph, watch));
    } else {
      parts = weak_components(table.edges, nodes->size());
    }
    // Numbered as they are met.
    std::vector<std::uint32_t> numbers(nodes->size(), kNone);
    std::uint32_t found = 0;
    for (std::uint32_t& part : parts) {
      if (numbers[part] == kNone) numbers[part] = found++;
      part = numbers[part];
    }
    return stream_of(
        component_schema(),
        [nodes, parts = std::move(parts), &bounds, at = std::uint32_t{0}]() mutable -> Result<std::optional<columnar::Batch>> {
          WARDIAN_TRY(bounds.may_go_on());
          if (at == parts.size()) return std::optional<columnar::Batch>();
          BatchBuilder made(component_schema());
          for (std::size_t row = 0; row < kRowsABatch && at < parts.size(); ++row, ++at) {
            made.add_text(0, nodes->key(at));
            made.add_long(1, parts[at]);
          }
          return std::optional<columnar::Batch>(made.take());
        });
  }

 private:
  bool strong_;
};

}  // namespace

std::shared_ptr<const TableAlgorithm> components(bool strong) { return std::make_shared<const Components>(strong); }

columnar::Schema component_schema() { return {{"key", columnar::Type::string}, {"component", columnar::Type::int64}}; }

}  // namespace wardian::algorithm

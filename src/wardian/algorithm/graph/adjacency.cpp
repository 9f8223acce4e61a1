#include "wardian/algorithm/graph/adjacency.h"

namespace wardian::algorithm {

std::uint32_t NodeNumbers::number_of(std::string_view key) {
  const auto known = numbers_.find(key);
  if (known != numbers_.end()) return known->second;
  const std::string& kept = keys_.emplace_back(key);
  text_bytes_ += kept.size();
  const auto number = static_cast<std::uint32_t>(keys_.size() - 1);
  numbers_.emplace(kept, number);
  return number;
}

Adjacency::Adjacency(const std::vector<Edge>& edges, std::uint32_t nodes, bool both_ways, bool backward) : begins_(nodes + 1) {
  const auto each_arc = [&](const auto& visit) {
    for (std::uint32_t at = 0; at < edges.size(); ++at) {
      const Edge& edge = edges[at];
      visit(backward ? edge.to : edge.from, Arc{backward ? edge.from : edge.to, at});
      if (both_ways && edge.from != edge.to) visit(backward ? edge.from : edge.to, Arc{backward ? edge.to : edge.from, at});
    }
  };
  each_arc([&](std::uint32_t node, const Arc&) { ++begins_[node + 1]; });
  for (std::size_t node = 0; node < nodes; ++node) begins_[node + 1] += begins_[node];
  arcs_.resize(begins_.back());
  std::vector<std::uint64_t> next(begins_.begin(), begins_.end() - 1);
  each_arc([&](std::uint32_t node, const Arc& arc) { arcs_[next[node]++] = arc; });
}

Status Watch::room_for(std::uint64_t bytes) const {
  if (bytes <= bounds_.memory_bytes_max && bytes != UINT64_MAX) return {};
  return Error{ErrorCode::out_of_memory, "The graph is larger than the memory for it", {}, "Filter edges before make-graph"};
}

namespace {

/// A batch's texts of one column.
std::span<const std::string_view> texts(const columnar::Batch& batch, std::size_t column) {
  return std::get<std::span<const std::string_view>>(batch.columns[column].values);
}

}  // namespace

Result<EdgeTable> read_edges(const OpenInput& input, NodeNumbers& nodes, Watch& watch) {
  EdgeTable made;
  WARDIAN_ASSIGN(const auto rows, input());
  for (;;) {
    WARDIAN_ASSIGN(const auto batch, rows->next());
    if (!batch) return made;
    const auto sources = texts(*batch, 0), targets = texts(*batch, 1);
    for (std::size_t row = 0; row < batch->rows; ++row) {
      WARDIAN_TRY(watch.step());
      const std::uint32_t from = nodes.number_of(sources[row]);
      made.edges.push_back({from, nodes.number_of(targets[row])});
    }
    if (batch->columns.size() > 2) {
      const auto numbers = std::get<std::span<const std::int64_t>>(batch->columns[2].values);
      made.numbers.insert(made.numbers.end(), numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(batch->rows));
    }
    const bool countable = made.edges.size() < UINT32_MAX / 2;
    WARDIAN_TRY(watch.room_for(countable ? nodes.bytes() + made.edges.size() * kBytesAnEdge : UINT64_MAX));
  }
}

Result<std::vector<std::uint32_t>> read_nodes(const OpenInput& input, NodeNumbers& nodes, Watch& watch) {
  std::vector<std::uint32_t> made;
  WARDIAN_ASSIGN(const auto rows, input());
  for (;;) {
    WARDIAN_ASSIGN(const auto batch, rows->next());
    if (!batch) return made;
    for (const std::string_view key : texts(*batch, 0).first(batch->rows)) {
      WARDIAN_TRY(watch.step());
      made.push_back(nodes.number_of(key));
    }
    WARDIAN_TRY(watch.room_for(nodes.bytes() + made.size() * sizeof(std::uint32_t)));
  }
}

}  // namespace wardian::algorithm

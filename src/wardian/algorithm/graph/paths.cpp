#include "wardian/algorithm/graph/paths.h"

#include <algorithm>
#include <charconv>

#include "wardian/algorithm/batch_builder.h"
#include "wardian/algorithm/graph/path_walk.h"
#include "wardian/algorithm/graph/retrace.h"
#include "wardian/kernels/json_text.h"

namespace wardian::algorithm {
namespace {

constexpr std::size_t kBatchRowsMax = 8192, kBatchBytesMax = std::size_t{4} << 20;

/// One run of a search: its graph, and the paths one after the other.
class PathRun {
 public:
  PathRun(const PathSearch& search, const RunBounds& bounds) : search_(search), bounds_(bounds), watch_(bounds) {}

  Status prepare(std::span<const OpenInput> inputs);
  Result<std::optional<columnar::Batch>> next_batch();

 private:
  Status read(std::span<const OpenInput> inputs);
  void choose_side();
  Result<bool> next_path();
  Result<bool> next_of_all();
  Result<bool> next_shortest();
  Status begin_root();
  Result<bool> next_of_pair();
  void add_row(BatchBuilder& made);

  const PathSearch search_;
  const RunBounds& bounds_;
  Watch watch_;
  NodeNumbers nodes_;
  std::vector<std::int64_t> numbers_;
  std::vector<std::uint32_t> starts_, ends_;  // where they are restricted
  Allowed through_;
  std::optional<Adjacency> outgoing_, incoming_;  // as the search goes
  bool backward_ = false;                         // the search goes from ends to starts

  // Where the search begins and ends, after the side is chosen.
  std::optional<std::vector<std::uint32_t>> roots_;
  std::vector<std::uint32_t> goals_;
  std::vector<std::uint8_t> is_goal_;  // empty: every node is one
  std::uint32_t next_root_ = 0, root_ = 0;

  std::optional<PathWalk> walk_;
  std::optional<Distances> to_goals_, from_root_, to_goal_;
  std::optional<Retrace> retrace_;
  bool walking_ = false;

  // Of the shortest paths from one root: the goals still to be searched for, and the one at hand.
  struct Goal {
    std::uint32_t node, distance;
  };
  std::vector<Goal> pairs_;
  std::size_t next_pair_ = 0;
  enum class Hand : std::uint8_t { nothing, retracing, deepening } hand_ = Hand::nothing;
  std::uint32_t goal_ = 0, depth_ = 0;
  bool found_at_depth_ = false, given_ = false;

  std::uint64_t bytes_given_ = 0;
  std::vector<std::uint32_t> path_nodes_, path_edges_;
  std::string text_;
};

Status PathRun::read(std::span<const OpenInput> inputs) {
  WARDIAN_ASSIGN(EdgeTable table, read_edges(inputs[0], nodes_, watch_));
  numbers_ = std::move(table.numbers);
  std::size_t input = 1;
  if (search_.starts) {
    WARDIAN_ASSIGN(starts_, read_nodes(inputs[input++], nodes_, watch_));
  }
  if (search_.ends) {
    WARDIAN_ASSIGN(ends_, read_nodes(inputs[input++], nodes_, watch_));
  }
  std::vector<std::uint32_t> inner;
  if (search_.inner) {
    WARDIAN_ASSIGN(inner, read_nodes(inputs[input++], nodes_, watch_));
  }
  if (search_.all_nodes) WARDIAN_TRY(read_nodes(inputs[input], nodes_, watch_));
  if (search_.inner) {
    through_.assign(nodes_.size(), 0);
    for (const std::uint32_t node : inner) through_[node] = 1;
  }
  choose_side();
  outgoing_.emplace(table.edges, nodes_.size(), search_.both_ways, backward_);
  const bool looks_back = !is_goal_.empty() || search_.closed || search_.wanted != PathsWanted::every;
  if (looks_back) incoming_.emplace(table.edges, nodes_.size(), search_.both_ways, !backward_);
  return {};
}

/// The search begins where there are fewer candidates.
void PathRun::choose_side() {
  backward_ = search_.ends && (!search_.starts || ends_.size() < starts_.size());
  const bool some_roots = backward_ || search_.starts, some_goals = backward_ ? search_.starts : search_.ends;
  if (some_roots) roots_ = backward_ ? ends_ : starts_;
  if (!some_goals) return;
  goals_ = backward_ ? starts_ : ends_;
  is_goal_.assign(nodes_.size(), 0);
  for (const std::uint32_t node : goals_) is_goal_[node] = 1;
}

Status PathRun::prepare(std::span<const OpenInput> inputs) {
  WARDIAN_TRY(read(inputs));
  walk_.emplace(*outgoing_, numbers_.size(), through_);
  if (incoming_) retrace_.emplace(*incoming_, through_);
  const auto most = static_cast<std::uint32_t>(search_.length_max);
  if (!is_goal_.empty()) {
    to_goals_.emplace(outgoing_->nodes());
    WARDIAN_TRY(to_goals_->from(goals_, *incoming_, most, through_, watch_));
  }
  from_root_.emplace(outgoing_->nodes());
  to_goal_.emplace(outgoing_->nodes());
  return {};
}

Result<bool> PathRun::next_path() { return search_.wanted == PathsWanted::every ? next_of_all() : next_shortest(); }

Result<bool> PathRun::next_of_all() {
  const PathWalk::Limits limits{static_cast<std::uint32_t>(search_.length_min), static_cast<std::uint32_t>(search_.length_max),
                                search_.cycles};
  for (;;) {
    if (walking_) {
      WARDIAN_ASSIGN(const bool found, walk_->next(watch_));
      if (found) return true;
      walking_ = false;
    }
    const std::size_t roots = roots_ ? roots_->size() : outgoing_->nodes();
    if (next_root_ == roots) return false;
    const std::uint32_t root = roots_ ? (*roots_)[next_root_] : next_root_;
    ++next_root_;
    WARDIAN_TRY(watch_.step());
    if (search_.closed) {
      WARDIAN_TRY(to_goal_->from(std::span(&root, 1), *incoming_, limits.length_max, through_, watch_));
      walk_->begin(root, limits, nullptr, root, &*to_goal_);
    } else {
      walk_->begin(root, limits, is_goal_.empty() ? nullptr : &is_goal_, std::nullopt, to_goals_ ? &*to_goals_ : nullptr);
    }
    walking_ = true;
  }
}

/// Measures the distances from the next root and lists the goals.
Status PathRun::begin_root() {
  root_ = roots_ ? (*roots_)[next_root_] : next_root_;
  ++next_root_;
  pairs_.clear();
  next_pair_ = 0;
  const auto most = static_cast<std::uint32_t>(search_.length_max);
  if (search_.closed) {
    WARDIAN_TRY(from_root_->from(std::span(&root_, 1), *outgoing_, 0, through_, watch_));
  } else {
    WARDIAN_TRY(from_root_->from(std::span(&root_, 1), *outgoing_, most, through_, watch_, is_goal_.empty() ? nullptr : &is_goal_,
                                 goals_.size()));
  }
  for (const std::uint32_t node : from_root_->reached()) {
    if (is_goal_.empty() || is_goal_[node] != 0) pairs_.push_back({node, (*from_root_)[node]});
  }
  return {};
}

/// The next path between the pair at hand.
Result<bool> PathRun::next_of_pair() {
  if (hand_ == Hand::retracing) return retrace_->next(watch_);
  for (;;) {
    WARDIAN_ASSIGN(const bool found, walk_->next(watch_));
    if (found) found_at_depth_ = true;
    if (found) return true;
    if (found_at_depth_ || depth_ == static_cast<std::uint32_t>(search_.length_max)) return false;
    ++depth_;
    walk_->begin(walk_->root(), {depth_, depth_, PathCycles::unique_edges}, nullptr, goal_, &*to_goal_);
  }
}

Result<bool> PathRun::next_shortest() {
  const auto least = static_cast<std::uint32_t>(search_.length_min), most = static_cast<std::uint32_t>(search_.length_max);
  for (;;) {
    const bool enough = given_ && search_.wanted == PathsWanted::any_shortest;
    if (hand_ != Hand::nothing && !enough) {
      WARDIAN_ASSIGN(given_, next_of_pair());
      if (given_) return true;
    }
    hand_ = Hand::nothing;
    given_ = false;
    if (next_pair_ < pairs_.size()) {
      const Goal goal = pairs_[next_pair_++];
      if (goal.distance > 0 && goal.distance >= least) {
        goal_ = goal.node;
        retrace_->begin(goal.node, *from_root_);
        hand_ = Hand::retracing;
        continue;
      }
      // Nearer than a path may be short, or the root itself: ever longer walks.
      goal_ = goal.node;
      depth_ = least;
      found_at_depth_ = false;
      WARDIAN_TRY(to_goal_->from(std::span(&goal_, 1), *incoming_, most, through_, watch_));
      walk_->begin(root_, {depth_, depth_, PathCycles::unique_edges}, nullptr, goal_, &*to_goal_);
      hand_ = Hand::deepening;
      continue;
    }
    const std::size_t roots = roots_ ? roots_->size() : outgoing_->nodes();
    if (next_root_ == roots) return false;
    WARDIAN_TRY(begin_root());
  }
}

/// The path at hand, as the pattern goes along it.
void PathRun::add_row(BatchBuilder& made) {
  const bool retraced = hand_ == Hand::retracing;
  path_nodes_.clear();
  path_edges_.clear();
  path_nodes_.push_back(retraced ? goal_ : walk_->root());
  for (const Arc& arc : retraced ? retrace_->arcs() : walk_->arcs()) {
    path_nodes_.push_back(arc.to);
    path_edges_.push_back(arc.edge);
  }
  if (retraced != backward_) {
    std::ranges::reverse(path_nodes_);
    std::ranges::reverse(path_edges_);
  }
  made.add_text(0, nodes_.key(path_nodes_.front()));
  made.add_text(1, nodes_.key(path_nodes_.back()));
  text_ = "[";
  for (const std::uint32_t edge : path_edges_) {
    if (text_.size() > 1) text_ += ',';
    char digits[24];
    text_.append(digits, std::to_chars(digits, digits + sizeof digits, numbers_[edge]).ptr);
  }
  text_ += ']';
  made.add_text(2, text_);
  text_ = "[";
  for (std::size_t at = 1; search_.inner_nodes && at + 1 < path_nodes_.size(); ++at) {
    if (at > 1) text_ += ',';
    kernels::append_json_string(text_, nodes_.key(path_nodes_[at]));
  }
  text_ += ']';
  made.add_text(3, text_);
  made.add_long(4, static_cast<std::int64_t>(path_edges_.size()));
}

Result<std::optional<columnar::Batch>> PathRun::next_batch() {
  WARDIAN_TRY(bounds_.may_go_on());
  BatchBuilder made(path_schema());
  while (made.rows() < kBatchRowsMax && made.bytes() < kBatchBytesMax) {
    WARDIAN_ASSIGN(const bool found, next_path());
    if (!found) break;
    add_row(made);
  }
  if (made.rows() == 0) return std::optional<columnar::Batch>();
  bytes_given_ += made.bytes();
  if (bytes_given_ > bounds_.memory_bytes_max) {
    return Error{ErrorCode::out_of_memory,
                 "The pattern fits more paths than there is memory for",
                 {},
                 "Say more of where paths start and end and of their edges, or allow fewer edges"};
  }
  return std::optional<columnar::Batch>(made.take());
}

class Paths final : public TableAlgorithm {
 public:
  explicit Paths(const PathSearch& search) : search_(search) {}

  std::string describe() const override {
    const char* kind = search_.wanted == PathsWanted::every      ? "paths"
                       : search_.wanted == PathsWanted::shortest ? "shortest paths"
                                                                 : "a shortest path of each pair";
    return std::string(kind) + " of " + std::to_string(search_.length_min) + " to " + std::to_string(search_.length_max) +
           " edges";
  }
  Result<std::unique_ptr<columnar::BatchStream>> run(std::span<const OpenInput> inputs, const RunBounds& bounds) const override {
    auto run = std::make_shared<PathRun>(search_, bounds);
    WARDIAN_TRY(run->prepare(inputs));
    return stream_of(path_schema(), [run] { return run->next_batch(); });
  }

 private:
  PathSearch search_;
};

}  // namespace

std::shared_ptr<const TableAlgorithm> path_search(const PathSearch& search) { return std::make_shared<const Paths>(search); }

columnar::Schema path_schema() {
  using columnar::Type;
  return {{"start", Type::string},
          {"end", Type::string},
          {"edges", Type::dynamic},
          {"inner", Type::dynamic},
          {"length", Type::int64}};
}

}  // namespace wardian::algorithm

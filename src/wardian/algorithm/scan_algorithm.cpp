#include "wardian/algorithm/scan_algorithm.h"

#include "wardian/algorithm/batch_builder.h"
#include "wardian/algorithm/cell_columns.h"

namespace wardian::algorithm {
namespace {

using columnar::Batch;
using columnar::Type;

constexpr std::size_t kRowsMax = 8192;
constexpr std::size_t kBytesMax = 16u << 20;

Cell empty_cell(Type type) {
  Cell cell;
  if (type == Type::string) cell.set_text({});
  return cell;
}

/// One run over one input.
class ScanRun {
 public:
  ScanRun(const ScanPlan& plan, std::size_t ids, std::size_t further, std::unique_ptr<columnar::BatchStream> input,
          const RunBounds& bounds)
      : plan_(plan),
        ids_(ids),
        further_(further),
        shown_(plan.columns.size()),
        width_(plan.columns.size() + plan.computed),
        input_(std::move(input)),
        bounds_(bounds),
        out_(output_schema()),
        cells_(width_),
        declared_(plan.defaults),
        slots_(width_ + plan.declared.size() + plan.state.size(), nullptr),
        states_(plan.steps.size(), State(plan)),
        group_(ids) {
    for (const ScanStep& step : plan.steps) {
      conditions_.push_back(std::make_unique<RowMachine>(step.condition));
      std::vector<std::unique_ptr<RowMachine>> machines;
      for (const auto& [column, program] : step.assignments) machines.push_back(std::make_unique<RowMachine>(program));
      assignments_.push_back(std::move(machines));
    }
    for (const StateSlot& slot : plan.state) {
      missing_.push_back(slot.column < shown_ ? empty_cell(plan.columns[slot.column].type) : plan.defaults[slot.column - shown_]);
    }
    for (const std::size_t column : plan.read) slots_[column] = &cells_[column];
    for (std::size_t at = 0; at < declared_.size(); ++at) slots_[width_ + at] = &declared_[at];
  }

  columnar::Schema output_schema() const {
    columnar::Schema schema = plan_.columns;
    schema.insert(schema.end(), plan_.declared.begin(), plan_.declared.end());
    if (plan_.match_id) schema.push_back({"match_id", Type::int64});
    const columnar::Schema& input = input_->schema();
    schema.insert(schema.end(), input.end() - static_cast<std::ptrdiff_t>(further_), input.end());
    return schema;
  }

  Result<std::optional<Batch>> next() {
    while (!ended_ && out_.rows() < kRowsMax && out_.bytes() < kBytesMax) {
      if (!batch_ || row_ == batch_->rows) {
        WARDIAN_TRY(bounds_.may_go_on());
        WARDIAN_ASSIGN(batch_, input_->next());
        row_ = 0;
        if (!batch_) {
          end_of_group();
          ended_ = true;
        }
        continue;
      }
      if (row_ % 1024 == 0) WARDIAN_TRY(bounds_.may_go_on());
      WARDIAN_TRY(take_row());
      ++row_;
    }
    if (out_.rows() == 0) return std::optional<Batch>();
    return std::optional(out_.take());
  }

 private:
  struct State {
    explicit State(const ScanPlan& plan) : kept(plan.state.size()), matched(plan.steps.size(), false) {}
    bool active = false;
    std::int64_t match = 0;
    std::vector<Cell> kept;
    std::vector<bool> matched;  // steps that have a row in this sequence
    std::vector<Cell> pending;  // the row of an `output=last` that is still to come out; empty: none
  };

  Status take_row() {
    const std::size_t tail = batch_->columns.size() - further_;
    bool changed = !any_row_;
    for (std::size_t at = 0; at < ids_; ++at) {
      Cell id;
      read_cell(batch_->columns[tail + at], row_, id);
      if (!any_row_ || !same_cell(id, group_[at])) changed = true;
      group_[at] = std::move(id);
    }
    if (changed && any_row_) end_of_group();
    any_row_ = true;
    // Rows that wait until their step ends are those of the group at hand.
    for (const std::size_t column : plan_.read) read_cell(batch_->columns[column], row_, cells_[column]);
    for (std::size_t step = plan_.steps.size(); step-- > 0;) WARDIAN_TRY(match_step(step));
    return {};
  }

  Status match_step(std::size_t step) {
    // From the step before, or past optional ones from one before those.
    for (std::size_t from = step; from-- > 0;) {
      if (states_[from].active) {
        WARDIAN_ASSIGN(const bool holds, condition_holds(step, states_[from]));
        if (holds) return promote(from, step);
      }
      if (!plan_.steps[from].optional) break;
    }
    const bool begins = step == 0 && !states_[0].active;
    if (!states_[step].active && !begins) return {};
    WARDIAN_ASSIGN(const bool holds, condition_holds(step, states_[step]));
    if (!holds) return {};
    if (begins) {
      states_[step].active = true;
      states_[step].match = next_match_++;
    }
    return record(step);
  }

  void show_state(const State& state) {
    const std::size_t first = width_ + declared_.size();
    for (std::size_t at = 0; at < plan_.state.size(); ++at) {
      slots_[first + at] = state.matched[plan_.state[at].step] ? &state.kept[at] : &missing_[at];
    }
  }

  Result<bool> condition_holds(std::size_t step, const State& state) {
    declared_ = plan_.defaults;
    show_state(state);
    WARDIAN_TRY(conditions_[step]->run(slots_, value_));
    return value_.is_true();
  }

  Status promote(std::size_t from, std::size_t step) {
    put_out(states_[from]);
    put_out(states_[step]);
    states_[step] = std::exchange(states_[from], State(plan_));
    return record(step);
  }

  /// The row at hand is the step's latest: its assignments are made over the state before, then it is kept and put out.
  Status record(std::size_t step) {
    State& state = states_[step];
    declared_ = plan_.defaults;
    show_state(state);
    assigned_.assign(shown_, std::nullopt);
    for (std::size_t at = 0; at < plan_.steps[step].assignments.size(); ++at) {
      WARDIAN_TRY(assignments_[step][at]->run(slots_, value_));
      const std::size_t column = plan_.steps[step].assignments[at].first;
      if (column < shown_)
        assigned_[column] = value_;
      else
        declared_[column - shown_] = value_;
    }
    for (std::size_t at = 0; at < plan_.state.size(); ++at) {
      const StateSlot& slot = plan_.state[at];
      if (slot.step != step) continue;
      state.kept[at] = slot.column >= shown_    ? declared_[slot.column - shown_]
                       : assigned_[slot.column] ? *assigned_[slot.column]
                                                : cells_[slot.column];
    }
    state.matched[step] = true;
    switch (plan_.steps[step].output) {
      case StepOutput::none: break;
      case StepOutput::all: put_out_row(state.match); break;
      case StepOutput::last: keep_row(state); break;
    }
    return {};
  }

  void put_out_row(std::int64_t match) {
    std::size_t to = 0;
    for (; to < shown_; ++to) {
      if (assigned_[to])
        write_cell(out_, to, plan_.columns[to].type, *assigned_[to]);
      else
        out_.add_cell(to, batch_->columns[to], row_);
    }
    for (std::size_t at = 0; at < declared_.size(); ++at) write_cell(out_, to++, plan_.declared[at].type, declared_[at]);
    if (plan_.match_id) out_.add_long(to++, match);
    const std::size_t tail = batch_->columns.size() - further_;
    for (std::size_t at = 0; at < further_; ++at) out_.add_cell(to++, batch_->columns[tail + at], row_);
  }

  /// All cells of the row as it would come out now.
  void keep_row(State& state) {
    std::vector<Cell>& row = state.pending;
    row.assign(shown_ + declared_.size() + further_, Cell());
    for (std::size_t at = 0; at < shown_; ++at) {
      if (assigned_[at])
        row[at] = *assigned_[at];
      else
        read_cell(batch_->columns[at], row_, row[at]);
    }
    for (std::size_t at = 0; at < declared_.size(); ++at) row[shown_ + at] = declared_[at];
    const std::size_t tail = batch_->columns.size() - further_;
    for (std::size_t at = 0; at < further_; ++at) {
      read_cell(batch_->columns[tail + at], row_, row[shown_ + declared_.size() + at]);
    }
  }

  /// The row that an `output=last` has waited with.
  void put_out(State& state) {
    if (state.pending.empty()) return;
    const columnar::Schema& input = input_->schema();
    const auto type_of = [&](std::size_t at) {
      if (at < shown_) return plan_.columns[at].type;
      at -= shown_;
      if (at < plan_.declared.size()) return plan_.declared[at].type;
      return input[input.size() - further_ + at - plan_.declared.size()].type;
    };
    const std::size_t before_match = shown_ + declared_.size();
    std::size_t to = 0;
    for (std::size_t at = 0; at < state.pending.size(); ++at) {
      if (at == before_match && plan_.match_id) out_.add_long(to++, state.match);
      write_cell(out_, to++, type_of(at), state.pending[at]);
    }
    if (state.pending.size() == before_match && plan_.match_id) out_.add_long(to, state.match);
    state.pending.clear();
  }

  void end_of_group() {
    for (State& state : states_) {
      put_out(state);
      state = State(plan_);
    }
    next_match_ = 0;
  }

  const ScanPlan& plan_;
  const std::size_t ids_, further_, shown_, width_;
  std::unique_ptr<columnar::BatchStream> input_;
  const RunBounds& bounds_;
  BatchBuilder out_;
  std::vector<std::unique_ptr<RowMachine>> conditions_;
  std::vector<std::vector<std::unique_ptr<RowMachine>>> assignments_;
  std::vector<Cell> cells_, declared_, missing_;
  std::vector<std::optional<Cell>> assigned_;
  std::vector<const Cell*> slots_;
  std::vector<State> states_;
  std::vector<Cell> group_;
  Cell value_;
  std::int64_t next_match_ = 0;
  std::optional<Batch> batch_;
  std::size_t row_ = 0;
  bool any_row_ = false, ended_ = false;
};

}  // namespace

Result<std::unique_ptr<columnar::BatchStream>> ScanAlgorithm::run(std::span<const OpenInput> inputs,
                                                                  const RunBounds& bounds) const {
  WARDIAN_ASSIGN(auto input, inputs.front()());
  auto run = std::make_shared<ScanRun>(*plan_, ids_, further_, std::move(input), bounds);
  columnar::Schema schema = run->output_schema();
  return stream_of(std::move(schema), [run = std::move(run), plan = plan_] { return run->next(); });
}

std::shared_ptr<const TableAlgorithm> ScanAlgorithm::for_groups(std::size_t ids, std::size_t further) const {
  if (further_ != 0) return nullptr;
  auto made = std::make_shared<ScanAlgorithm>(plan_);
  made->ids_ = ids;
  made->further_ = further;
  return made;
}

}  // namespace wardian::algorithm

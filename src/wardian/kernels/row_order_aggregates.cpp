#include <array>
#include <optional>
#include <string>
#include <vector>

#include "wardian/kernels/aggregate_table.h"

// Functions of the serialized order that begin anew at a restart, as aggregates of the frame from the first row to the
// current one. SQL could only say them with a window inside a window. Each state sums up a run of consecutive rows, so
// that the engine may join runs instead of going over all rows again for each row.
namespace wardian::kernels {
namespace {

bool is_true(const Column& column, std::size_t row) { return column.is_valid(row) && value_at<bool>(column, row); }

/// (start, restart): start, start + 1, … and start again where restart holds.
struct RowNumber {
  static constexpr std::array kArguments = {ValueType::int64, ValueType::boolean};
  static constexpr ValueType kResult = ValueType::int64;

  void update(std::span<const Column> arguments, std::size_t row) {
    start = value_at<std::int64_t>(arguments[0], row);
    if (is_true(arguments[1], row)) {
      rows = 0;
      restarted = true;
    }
    ++rows;
  }
  void combine(const RowNumber& later) {
    rows = later.restarted ? later.rows : rows + later.rows;
    restarted = restarted || later.restarted;
    start = later.start;
  }
  void finalize(ResultColumn& result, std::size_t row) const { store(result, row, start + rows - 1); }

  std::int64_t start = 1, rows = 0;
  bool restarted = false;
};

/// (value, restart): the running sum; nulls add nothing.
template <class Value>
struct RunningSum {
  static constexpr ValueType kResult = std::is_same_v<Value, double> ? ValueType::real : ValueType::int64;
  static constexpr std::array kArguments = {kResult, ValueType::boolean};

  static Value add(Value a, Value b) {
    if constexpr (std::is_same_v<Value, double>)
      return a + b;
    else
      return static_cast<Value>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  }
  void update(std::span<const Column> arguments, std::size_t row) {
    if (is_true(arguments[1], row)) {
      sum = 0;
      restarted = true;
    }
    if (arguments[0].is_valid(row)) sum = add(sum, value_at<Value>(arguments[0], row));
  }
  void combine(const RunningSum& later) {
    sum = later.restarted ? later.sum : add(sum, later.sum);
    restarted = restarted || later.restarted;
  }
  void finalize(ResultColumn& result, std::size_t row) const { store(result, row, sum); }

  Value sum = 0;
  bool restarted = false;
};

/// (value as text, restart): how many different neighbours so far, or — `dense` false — the row number of the first of
/// the run of equal values.
template <bool dense>
struct RowRank {
  static constexpr std::array kArguments = {ValueType::text, ValueType::boolean};
  static constexpr ValueType kResult = ValueType::int64;

  void update(std::span<const Column> arguments, std::size_t row) {
    RowRank one;
    if (arguments[0].is_valid(row)) one.first = std::string(value_at<std::string_view>(arguments[0], row));
    one.last = one.first;
    one.restarted = is_true(arguments[1], row);
    one.rows = one.rank = 1;
    combine(one);
  }
  /// `rank` of the later run counts as if it began at its own first row: it is moved up by what came before.
  void combine(const RowRank& later) {
    if (later.rows == 0) return;
    if (rows == 0 || later.restarted) {
      const bool any = rows > 0 || restarted;
      const std::optional<std::string> kept = any ? first : later.first;
      const bool began_anew = restarted || later.restarted;
      *this = later;
      first = kept;
      restarted = began_anew;
      return;
    }
    const bool joined = last == later.first;
    if (dense)
      rank += later.rank - (joined ? 1 : 0);
    else if (!joined || later.rank > 1)
      rank = rows + later.rank;
    rows += later.rows;
    last = later.last;
  }
  void finalize(ResultColumn& result, std::size_t row) const { store(result, row, rank); }

  std::optional<std::string> first, last;  // values at both ends; `last` since the last restart
  std::int64_t rows = 0, rank = 0;         // since the last restart
  bool restarted = false;
};

/// (time, distance from the session's first, distance from the neighbour, restart): the time at which the current session
/// began; a distance reached begins another one. A row without a time is null, and the next begins anew. Where a session ends by its length depends on where it began, which only the rows before may know: so a run
/// keeps all its times until a beginning is certain, and from then on only the current session.
struct WindowSession {
  static constexpr std::array kArguments = {ValueType::int64, ValueType::int64, ValueType::int64, ValueType::boolean};
  static constexpr ValueType kResult = ValueType::int64;

  void update(std::span<const Column> arguments, std::size_t row) {
    longest = value_at<std::int64_t>(arguments[1], row);
    widest_gap = value_at<std::int64_t>(arguments[2], row);
    if (arguments[0].is_valid(row))
      take(value_at<std::int64_t>(arguments[0], row), is_true(arguments[3], row));
    else
      begin_anew(std::nullopt);
  }
  void combine(const WindowSession& later) {
    longest = later.longest;
    widest_gap = later.widest_gap;
    for (const std::int64_t time : later.open) take(time, false);
    if (!later.certain) return;
    begin_anew(later.begin);
    last = later.last;
  }
  void finalize(ResultColumn& result, std::size_t row) const {
    if (begin) return store(result, row, *begin);
    if (certain || open.empty()) return result.set_null(row);
    std::int64_t session = open.front();
    for (std::size_t at = 1; at < open.size(); ++at) {
      if (open[at] - session >= longest) session = open[at];
    }
    store(result, row, session);
  }

  void take(std::int64_t time, bool restart) {
    const bool first = certain && !begin;
    const bool wide = (begin || !open.empty()) && time - last >= widest_gap;
    if (restart || first || wide || (begin && time - *begin >= longest)) {
      begin_anew(time);
    } else if (!certain) {
      open.push_back(time);
    }
    last = time;
  }
  void begin_anew(std::optional<std::int64_t> time) {
    certain = true;
    begin = time;
    open.clear();
  }

  bool certain = false;               // whether the rows of this run alone say which session the last one is in
  std::optional<std::int64_t> begin;  // of that session; none after a row without a time
  std::int64_t last = 0;
  std::vector<std::int64_t> open;  // times before any certain beginning; none once there is one
  std::int64_t longest = 0, widest_gap = 0;
};

constexpr AggregateKernel kAggregates[] = {
    aggregate<RowNumber>("wardian_row_number"),
    aggregate<RowRank<true>>("wardian_row_rank_dense"),
    aggregate<RowRank<false>>("wardian_row_rank_min"),
    aggregate<RunningSum<std::int64_t>>("wardian_row_cumsum_long"),
    aggregate<RunningSum<double>>("wardian_row_cumsum_real"),
    aggregate<WindowSession>("wardian_row_window_session"),
};

}  // namespace

std::span<const AggregateKernel> row_order_aggregates() { return kAggregates; }

}  // namespace wardian::kernels

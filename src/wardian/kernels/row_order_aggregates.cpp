#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "wardian/kernels/aggregate_table.h"
#include "wardian/kernels/decimal.h"

// Functions of the serialized order that begin anew at a restart, as aggregates of the frame from the first row to the
// current one. SQL could only say them with a window inside a window. Each state sums up a run of consecutive rows, so
// that the engine may join runs instead of going over all rows again for each row.
namespace wardian::kernels {
namespace {

__extension__ using UInt128 = unsigned __int128;

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

/// (value, restart): the running sum of decimals, exact; null where it is beyond their range. The sum wraps, which a later
/// term may undo, and its size as a double tells whether it is wrapped.
struct DecimalRunningSum {
  static constexpr std::array kArguments = {ValueType::decimal, ValueType::boolean};
  static constexpr ValueType kResult = ValueType::decimal;

  void add(Int128 term, double term_size) {
    sum = static_cast<Int128>(static_cast<UInt128>(sum) + static_cast<UInt128>(term));
    size += term_size;
  }
  void update(std::span<const Column> arguments, std::size_t row) {
    if (is_true(arguments[1], row)) *this = {.restarted = true};
    if (!arguments[0].is_valid(row)) return;
    const auto term = value_at<Int128>(arguments[0], row);
    add(term, static_cast<double>(term));
  }
  void combine(const DecimalRunningSum& later) {
    if (later.restarted)
      *this = later;
    else
      add(later.sum, later.size);
  }
  void finalize(ResultColumn& result, std::size_t row) const {
    constexpr double kWrapped = 1.5e38;  // between the range's end, 10^38, and 2^127
    if (std::abs(size) > kWrapped || !is_decimal(sum)) return result.set_null(row);
    store(result, row, sum);
  }

  Int128 sum = 0;
  double size = 0;
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
/// began; a distance reached begins another one. A row without a time is null, and the next begins anew. Where a session
/// ends by its length depends on where it began, which only the rows before a run may know: so a run keeps what becomes of
/// each possible beginning, until one is certain, as after the first row of all, which restarts.
struct WindowSession {
  static constexpr std::array kArguments = {ValueType::int64, ValueType::int64, ValueType::int64, ValueType::boolean};
  static constexpr ValueType kResult = ValueType::int64;

  /// A row before any certain beginning.
  struct Open {
    std::int64_t time;
    std::int64_t latest;  // of the times up to here, which need not rise
    std::int64_t ends;    // if a session begins here, when the one began that the run's last row is in
  };

  void update(std::span<const Column> arguments, std::size_t row) {
    longest = value_at<std::int64_t>(arguments[1], row);
    widest_gap = value_at<std::int64_t>(arguments[2], row);
    WindowSession one;
    one.longest = longest;
    one.widest_gap = widest_gap;
    if (!arguments[0].is_valid(row)) {
      one.certain = true;
    } else {
      one.last = value_at<std::int64_t>(arguments[0], row);
      one.certain = is_true(arguments[3], row);
      if (one.certain)
        one.begin = one.last;
      else
        one.open = {{one.last, one.last, one.last}};
    }
    combine(one);
  }

  void combine(const WindowSession& later) {
    longest = later.longest;
    widest_gap = later.widest_gap;
    const bool nothing = !certain && open.empty();
    if (later.certain || nothing) {
      certain = later.certain;
      begin = later.begin;
      last = later.last;
      open = later.open;
    } else if (!later.open.empty()) {
      const bool wide = later.open.front().time - last >= widest_gap;
      if (wide || (certain && !begin)) {
        begin_at(later.open.front().ends);
      } else if (certain) {
        begin = later.after(*begin);
      } else {
        append(later);
      }
      last = later.last;
    }
  }

  void finalize(ResultColumn& result, std::size_t row) const {
    if (certain && begin) return store(result, row, *begin);
    if (certain || open.empty()) return result.set_null(row);
    store(result, row, open.front().ends);
  }

  /// When the session of the last row began, if one that began at `start` comes into this run.
  std::int64_t after(std::int64_t start) const {
    const auto near = [&](const Open& row) { return row.latest - start < longest; };
    const auto next = std::partition_point(open.begin(), open.end(), near);
    return next == open.end() ? start : next->ends;
  }
  void append(const WindowSession& later) {
    for (Open& row : open) row.ends = later.after(row.ends);
    const std::int64_t latest = open.back().latest;
    for (const Open& row : later.open) open.push_back({row.time, std::max(row.latest, latest), row.ends});
  }
  void begin_at(std::int64_t time) {
    certain = true;
    begin = time;
    open.clear();
  }

  bool certain = false;               // whether the rows of this run alone say which session the last one is in
  std::optional<std::int64_t> begin;  // of that session; none after a row without a time
  std::int64_t last = 0;              // the last row's time
  std::vector<Open> open;             // none once a beginning is certain
  std::int64_t longest = 0, widest_gap = 0;
};

constexpr AggregateKernel kAggregates[] = {
    aggregate<RowNumber>("wardian_row_number"),
    aggregate<RowRank<true>>("wardian_row_rank_dense"),
    aggregate<RowRank<false>>("wardian_row_rank_min"),
    aggregate<RunningSum<std::int64_t>>("wardian_row_cumsum_long"),
    aggregate<RunningSum<double>>("wardian_row_cumsum_real"),
    aggregate<DecimalRunningSum>("wardian_row_cumsum_decimal"),
    aggregate<WindowSession>("wardian_row_window_session"),
};

}  // namespace

std::span<const AggregateKernel> row_order_aggregates() { return kAggregates; }

}  // namespace wardian::kernels

#include "wardian/columnar/frame_writer.h"

#include <atomic>
#include <limits>
#include <mutex>

#include "wardian/columnar/bit_buffer.h"
#include "wardian/columnar/file_write.h"
#include "wardian/columnar/ipc_message.h"
#include "wardian/columnar/ticks.h"

namespace wardian::columnar {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
// The distance from one buffer to the next. Memory files may be 2^63 bytes long.
constexpr std::uint64_t kRegionBytes = std::uint64_t{1} << 42;

constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t to) { return (value + to - 1) / to * to; }

std::int64_t nanoseconds_to_microseconds(std::int64_t value) { return value == kNotATime ? value : floor_divide(value, 1000); }

/// Some rows of a column.
struct RowRange {
  std::uint64_t begin = 0;
  std::uint64_t rows = 0;
};
/// The bits of some rows, which seldom begin or end with a byte: joined when all are there.
struct BitPiece {
  RowRange range;
  std::vector<std::uint64_t> words;
};

/// One column on its way into its file. What is not `const` after creation is guarded by the writer's mutex.
struct ColumnWriter {
  Type type;
  BorderType border;
  int fd;
  std::uint64_t values_begin;
  std::uint64_t text_begin;
  std::uint64_t validity_begin;
  std::uint64_t text_bytes = 0;
  std::vector<BitPiece> validity = {};      // batches without a piece have no nulls
  std::vector<BitPiece> bits = {};          // the values of a bool column
  std::vector<RowRange> microseconds = {};  // batches that did not fit nanoseconds
};

/// Where one batch goes: its first row, and in text columns the first byte.
struct Place {
  std::uint64_t row = 0;
  std::uint64_t text = 0;
};

template <class T>
Status write_values(const ColumnWriter& column, const Place& place, std::span<const T> values) {
  return write_all(column.fd, std::as_bytes(values), column.values_begin + place.row * sizeof(T));
}

template <class T>
std::span<T> scratch_of(std::size_t count) {
  thread_local std::vector<T> scratch;
  if (scratch.size() < count) scratch.resize(count);
  return {scratch.data(), count};
}

/// Copies `values`, with `missing` in the place of nulls.
template <class T>
Status write_fixed(const ColumnWriter& column, const ColumnView& view, const Place& place, T missing) {
  const auto& values = std::get<std::span<const T>>(view.values);
  if (view.validity.empty()) return write_values(column, place, values);
  const std::span<T> out = scratch_of<T>(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) out[row] = view.is_valid(row) ? values[row] : missing;
  return write_values<T>(column, place, out);
}

/// Ticks as nanoseconds since `epoch` (in ticks). Wrong, but defined, for those that do not fit: then false.
bool to_nanoseconds(const ColumnView& view, std::span<const std::int64_t> ticks, std::int64_t epoch,
                    std::span<std::int64_t> out) {
  bool fits = true;
  for (std::size_t row = 0; row < ticks.size(); ++row) {
    const auto since = static_cast<std::int64_t>(static_cast<std::uint64_t>(ticks[row]) - static_cast<std::uint64_t>(epoch));
    fits &= since <= kTicksMaxAsNanoseconds && since >= -kTicksMaxAsNanoseconds;
    out[row] = static_cast<std::int64_t>(static_cast<std::uint64_t>(since) * kNanosecondsPerTick);
  }
  if (view.validity.empty()) return fits;
  fits = true;
  for (std::size_t row = 0; row < ticks.size(); ++row) {
    if (!view.is_valid(row)) {
      out[row] = kNotATime;
      continue;
    }
    const auto since = static_cast<std::int64_t>(static_cast<std::uint64_t>(ticks[row]) - static_cast<std::uint64_t>(epoch));
    fits &= since <= kTicksMaxAsNanoseconds && since >= -kTicksMaxAsNanoseconds;
  }
  return fits;
}

/// Ticks in nanoseconds, or, when they do not fit, in microseconds, which `in_microseconds` then tells.
Status write_ticks(const ColumnWriter& column, const ColumnView& view, const Place& place, std::int64_t epoch,
                   bool& in_microseconds) {
  const auto& ticks = std::get<std::span<const std::int64_t>>(view.values);
  const std::span<std::int64_t> out = scratch_of<std::int64_t>(ticks.size());
  if (!to_nanoseconds(view, ticks, epoch, out)) {
    in_microseconds = true;
    for (std::size_t row = 0; row < ticks.size(); ++row) {
      out[row] = view.is_valid(row) ? floor_divide(ticks[row], kTicksPerMicrosecond) - epoch / kTicksPerMicrosecond : kNotATime;
    }
  }
  return write_values<std::int64_t>(column, place, out);
}

std::uint64_t text_bytes_of(const ColumnView& view) {
  const auto& values = std::get<std::span<const std::string_view>>(view.values);
  std::uint64_t bytes = 0;
  for (std::size_t row = 0; row < values.size(); ++row) bytes += view.is_valid(row) ? values[row].size() : 0;
  return bytes;
}

Status write_text(const ColumnWriter& column, const ColumnView& view, const Place& place) {
  const auto& values = std::get<std::span<const std::string_view>>(view.values);
  const std::span<std::int64_t> ends = scratch_of<std::int64_t>(values.size());
  thread_local std::string text;
  text.clear();
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (view.is_valid(row)) text += values[row];
    ends[row] = static_cast<std::int64_t>(place.text + text.size());
  }
  // The first offset of all, zero, is a hole.
  WARDIAN_TRY(write_values<std::int64_t>(column, {place.row + 1, 0}, ends));
  return write_all(column.fd, std::as_bytes(std::span(text)), column.text_begin + place.text);
}

/// The pieces as one, in order of their rows; rows without a piece are ones.
BitBuffer joined(std::vector<BitPiece>& pieces, std::uint64_t rows) {
  std::sort(pieces.begin(), pieces.end(), [](const BitPiece& a, const BitPiece& b) { return a.range.begin < b.range.begin; });
  BitBuffer whole;
  for (const BitPiece& piece : pieces) {
    whole.append_ones(piece.range.begin - whole.size());
    whole.append_bits(piece.words, piece.range.rows);
  }
  whole.append_ones(rows - whole.size());
  return whole;
}

/// Turns all that was written in nanoseconds to microseconds.
Status turn_to_microseconds(ColumnWriter& column, std::uint64_t rows) {
  std::sort(column.microseconds.begin(), column.microseconds.end(),
            [](const RowRange& a, const RowRange& b) { return a.begin < b.begin; });
  column.microseconds.push_back({rows, 0});
  std::uint64_t next = 0;
  for (const RowRange& done : column.microseconds) {
    WARDIAN_TRY(rewrite_int64(column.fd, column.values_begin + 8 * next, done.begin - next, &nanoseconds_to_microseconds));
    next = done.begin + done.rows;
  }
  column.border.unit = TimeUnit::micro;
  return {};
}

}  // namespace

struct FrameWriter::State {
  /// One file: which columns, and where its metadata end.
  struct File {
    int fd;
    Schema schema;
    std::size_t schema_message_bytes = 0;
    std::uint64_t body_begin = 0;
  };
  FrameWriterOptions options;
  Schema schema;
  std::vector<File> files;
  std::vector<ColumnWriter> columns;

  std::mutex mutex;
  std::uint64_t rows = 0;
  std::uint64_t data_bytes = 0;

  Result<std::uint64_t> claim(const Batch& batch, std::span<Place> places);
  Status write_column(std::size_t index, const ColumnView& view, const Place& place, std::size_t rows_of_batch);
};

FrameWriter::FrameWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
FrameWriter::FrameWriter(FrameWriter&&) noexcept = default;
FrameWriter& FrameWriter::operator=(FrameWriter&&) noexcept = default;
FrameWriter::~FrameWriter() = default;
const Schema& FrameWriter::schema() const { return state_->schema; }

Result<FrameWriter> FrameWriter::create(std::span<const int> files, const Schema& schema, const FrameWriterOptions& options) {
  auto state = std::make_unique<State>();
  state->options = options;
  state->schema = schema;
  for (std::size_t at = 0; at < files.size(); ++at) {
    State::File file{.fd = files[at], .schema = {}};
    BorderTable table;
    for (std::size_t i = at; i < schema.size(); i += files.size()) {
      file.schema.push_back(schema[i]);
      table.columns.push_back({.name = schema[i].name, .type = border_type_of(schema[i].type, options.decimal_scale)});
    }
    // The size of the metadata does not depend on the values in it.
    file.schema_message_bytes = encode_schema_message(table).size();
    file.body_begin = round_up(file.schema_message_bytes + encode_batch_message(table).size(), kPageBytes);
    state->files.push_back(std::move(file));
  }
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const State::File& file = state->files[i % files.size()];
    const std::uint64_t region = file.body_begin + 3 * kRegionBytes * (i / files.size());
    state->columns.push_back({.type = schema[i].type,
                              .border = border_type_of(schema[i].type, options.decimal_scale),
                              .fd = file.fd,
                              .values_begin = region,
                              .text_begin = region + kRegionBytes,
                              .validity_begin = region + 2 * kRegionBytes});
  }
  return FrameWriter(std::move(state));
}

/// Takes the batch's rows, and its bytes in every text column, for the calling thread.
Result<std::uint64_t> FrameWriter::State::claim(const Batch& batch, std::span<Place> places) {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    places[i].text = is_text(columns[i].border.layout) ? text_bytes_of(batch.columns[i]) : 0;
    bytes += places[i].text + batch.rows * std::max<std::size_t>(1, fixed_width_bytes(columns[i].border.layout));
  }
  const std::lock_guard lock(mutex);
  data_bytes += bytes;
  if (data_bytes > options.data_bytes_max) {
    return Error{
        .code = ErrorCode::result_too_large,
        .message = "The table handed to Python is larger than the limit: " + std::to_string(options.data_bytes_max) + " bytes",
        .hint = "Filter or summarize before evaluate python, or project fewer columns."};
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    places[i] = {rows, std::exchange(columns[i].text_bytes, columns[i].text_bytes + places[i].text)};
  }
  return std::exchange(rows, rows + batch.rows);
}

Status FrameWriter::State::write_column(std::size_t index, const ColumnView& view, const Place& place,
                                        std::size_t rows_of_batch) {
  ColumnWriter& column = columns[index];
  const RowRange range{place.row, rows_of_batch};
  bool in_microseconds = false;
  BitBuffer bits;
  switch (column.type) {
    case Type::boolean: bits.append_bytes(std::get<std::span<const std::uint8_t>>(view.values)); break;
    case Type::int32: WARDIAN_TRY(write_fixed<std::int32_t>(column, view, place, 0)); break;
    case Type::int64: WARDIAN_TRY(write_fixed<std::int64_t>(column, view, place, 0)); break;
    case Type::real: WARDIAN_TRY(write_fixed(column, view, place, std::numeric_limits<double>::quiet_NaN())); break;
    case Type::decimal:
      if (view.decimal_scale != column.border.scale) {
        return Error{.code = ErrorCode::internal, .message = "Decimals of another scale than the frame's"};
      }
      WARDIAN_TRY(write_fixed(column, view, place, Int128{0}));
      break;
    case Type::datetime: WARDIAN_TRY(write_ticks(column, view, place, kTicksUnixEpoch, in_microseconds)); break;
    case Type::timespan: WARDIAN_TRY(write_ticks(column, view, place, 0, in_microseconds)); break;
    case Type::string:
    case Type::dynamic:
    case Type::guid: WARDIAN_TRY(write_text(column, view, place)); break;
  }
  const bool has_validity = !view.validity.empty() && column.type != Type::string;  // never null: empty instead
  if (!has_validity && !in_microseconds && column.type != Type::boolean) return {};
  const std::lock_guard lock(mutex);
  if (has_validity) column.validity.push_back({range, {view.validity.begin(), view.validity.end()}});
  if (in_microseconds) column.microseconds.push_back(range);
  if (column.type == Type::boolean) column.bits.push_back({range, {bits.words().begin(), bits.words().end()}});
  return {};
}

Status FrameWriter::append(const Batch& batch) {
  State& state = *state_;
  thread_local std::vector<Place> places;
  places.assign(state.columns.size(), {});
  WARDIAN_ASSIGN(const std::uint64_t first_row, state.claim(batch, places));
  // Threads begin with different columns, so that they seldom wait for each other's file.
  const std::size_t turn = static_cast<std::size_t>(first_row / std::max<std::size_t>(1, batch.rows));
  for (std::size_t step = 0; step < state.columns.size(); ++step) {
    const std::size_t index = (turn + step) % state.columns.size();
    WARDIAN_TRY(state.write_column(index, batch.columns[index], places[index], batch.rows));
  }
  return {};
}

Result<std::vector<FrameLayout>> FrameWriter::finish() {
  State& state = *state_;
  std::vector<FrameLayout> layouts;
  for (const State::File& file : state.files) {
    layouts.push_back({.schema = file.schema, .table = {.rows = state.rows}, .body_begin = file.body_begin});
  }
  std::vector<std::uint64_t> ends(state.files.size());
  for (std::size_t at = 0; at < ends.size(); ++at) ends[at] = state.files[at].body_begin;
  for (std::size_t i = 0; i < state.columns.size(); ++i) {
    ColumnWriter& column = state.columns[i];
    FrameLayout& layout = layouts[i % layouts.size()];
    const auto place = [&](std::uint64_t begin, std::uint64_t bytes) {
      std::uint64_t& end = ends[i % ends.size()];
      end = std::max(end, begin + bytes);
      return BufferRange{begin - layout.body_begin, bytes};
    };
    const auto place_bits = [&](std::uint64_t begin, const BitBuffer& bits) -> Result<BufferRange> {
      WARDIAN_TRY(write_all(column.fd, std::as_bytes(bits.words()), begin));
      return place(begin, bits.words().size_bytes());
    };
    if (!column.microseconds.empty()) WARDIAN_TRY(turn_to_microseconds(column, state.rows));
    BorderColumn described{.name = state.schema[i].name, .type = column.border};
    if (column.type == Type::boolean) {
      WARDIAN_ASSIGN(described.values, place_bits(column.values_begin, joined(column.bits, state.rows)));
    } else if (is_text(column.border.layout)) {
      described.values = place(column.values_begin, (state.rows + 1) * sizeof(std::int64_t));
      described.text = place(column.text_begin, column.text_bytes);
    } else {
      described.values = place(column.values_begin, state.rows * fixed_width_bytes(column.border.layout));
    }
    if (!column.validity.empty()) {
      const BitBuffer validity = joined(column.validity, state.rows);
      described.nulls = state.rows - validity.ones();
      if (described.nulls > 0) {
        WARDIAN_ASSIGN(described.validity, place_bits(column.validity_begin, validity));
      }
    }
    layout.table.columns.push_back(std::move(described));
  }
  for (std::size_t at = 0; at < layouts.size(); ++at) {
    const State::File& file = state.files[at];
    BorderTable& table = layouts[at].table;
    table.body_bytes = round_up(ends[at] - file.body_begin, 64);
    WARDIAN_TRY(write_all(file.fd, encode_schema_message(table, file.schema_message_bytes), 0));
    WARDIAN_TRY(
        write_all(file.fd, encode_batch_message(table, file.body_begin - file.schema_message_bytes), file.schema_message_bytes));
    WARDIAN_TRY(write_all(file.fd, kStreamEnd, file.body_begin + table.body_bytes));
  }
  return layouts;
}

}  // namespace wardian::columnar

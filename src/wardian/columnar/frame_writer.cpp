#include "wardian/columnar/frame_writer.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "wardian/base/byte_text.h"
#include "wardian/columnar/bit_buffer.h"
#include "wardian/columnar/file_copy.h"
#include "wardian/columnar/file_write.h"
#include "wardian/columnar/frame_block.h"
#include "wardian/columnar/ipc_message.h"
#include "wardian/columnar/ticks.h"

namespace wardian::columnar {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
// The distance from one buffer to the next. Memory files may be 2^63 bytes long.
constexpr std::uint64_t kRegionBytes = std::uint64_t{1} << 42;
// Files on disk are shorter: 16 TiB on ext4, less elsewhere.
constexpr std::uint64_t kDiskFileBytes = std::uint64_t{1} << 43;

// A type of integers has one field more than one of times: its eight bytes, its two in the table of fields, and alignment.
constexpr std::uint64_t kTicksGrowthBytes = 24;

constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t to) { return (value + to - 1) / to * to; }

template <std::int64_t epoch>
std::int64_t nanoseconds_to_ticks(std::int64_t value) {
  return value == kNotATime ? value : value / kNanosecondsPerTick + epoch;
}

/// Some rows of a column.
struct RowRange {
  std::uint64_t begin = 0;
  std::uint64_t rows = 0;
};
/// The bits of some rows, which seldom begin or end with a byte: joined when all are there.
struct BitPiece {
  RowRange range;
  BitBuffer bits;
};

/// One column on its way into its file. Where it lies is changed by a move to disk alone, the rest guarded by the writer's mutex.
struct ColumnWriter {
  Type type;
  BorderType border;
  int fd;
  std::uint64_t values_begin;
  std::uint64_t text_begin;
  std::uint64_t validity_begin;
  std::uint64_t text_bytes = 0;
  std::uint64_t long_texts = 0;
  std::vector<BitPiece> validity = {};  // blocks without a piece have no nulls
  std::vector<BitPiece> bits = {};      // the values of a bool column
  std::vector<RowRange> ticks = {};     // blocks that did not fit nanoseconds
};

/// Where one block goes: its first row, and in text columns the first byte.
struct Place {
  std::uint64_t row = 0;
  std::uint64_t text = 0;
};

/// The block's column to its place in the file. `in_ticks`: its times did not fit nanoseconds.
Status write_block(const ColumnWriter& column, ColumnBlock& block, const Place& place, bool& in_ticks) {
  if (column.type == Type::boolean) return {};  // joined when all are there
  const std::span<std::int64_t> longs(reinterpret_cast<std::int64_t*>(block.values.data()),
                                      block.values.size() / sizeof(std::int64_t));
  if (column.type == Type::datetime) in_ticks = !ticks_to_nanoseconds(longs, block.validity, kTicksUnixEpoch);
  if (column.type == Type::timespan) in_ticks = !ticks_to_nanoseconds(longs, block.validity, 0);
  if (!is_text(column.border.layout)) {
    return write_all(column.fd, block.values, column.values_begin + place.row * fixed_width_bytes(column.border.layout));
  }
  for (std::int64_t& end : longs) end += static_cast<std::int64_t>(place.text);
  // The first offset of all, zero, is a hole.
  WARDIAN_TRY(write_all(column.fd, block.values, column.values_begin + (place.row + 1) * sizeof(std::int64_t)));
  return write_all(column.fd, std::as_bytes(std::span(block.text)), column.text_begin + place.text);
}

/// The pieces as one, in order of their rows; rows without a piece are ones.
BitBuffer joined(std::vector<BitPiece>& pieces, std::uint64_t rows) {
  std::sort(pieces.begin(), pieces.end(), [](const BitPiece& a, const BitPiece& b) { return a.range.begin < b.range.begin; });
  BitBuffer whole;
  for (const BitPiece& piece : pieces) {
    whole.append_ones(piece.range.begin - whole.size());
    whole.append_bits(piece.bits.words(), piece.range.rows);
  }
  whole.append_ones(rows - whole.size());
  return whole;
}

/// What a column has written so far, to where it will lie instead; what it has not written stays a hole. Bits are not written yet.
Status copy_column(const ColumnWriter& from, const ColumnWriter& to, std::uint64_t rows) {
  if (from.type == Type::boolean || rows == 0) return {};
  if (!is_text(from.border.layout)) {
    WARDIAN_TRY(copy_bytes(from.fd, from.values_begin, to.fd, to.values_begin, rows * fixed_width_bytes(from.border.layout)));
    return {};
  }
  WARDIAN_TRY(copy_bytes(from.fd, from.values_begin, to.fd, to.values_begin, (rows + 1) * sizeof(std::int64_t)));
  WARDIAN_TRY(copy_bytes(from.fd, from.text_begin, to.fd, to.text_begin, from.text_bytes));
  return {};
}

/// Turns all that was written in nanoseconds back to ticks.
Status turn_to_ticks(ColumnWriter& column, std::uint64_t rows) {
  std::sort(column.ticks.begin(), column.ticks.end(), [](const RowRange& a, const RowRange& b) { return a.begin < b.begin; });
  column.ticks.push_back({rows, 0});
  const auto turn = column.type == Type::datetime ? &nanoseconds_to_ticks<kTicksUnixEpoch> : &nanoseconds_to_ticks<0>;
  std::uint64_t next = 0;
  for (const RowRange& done : column.ticks) {
    WARDIAN_TRY(rewrite_int64(column.fd, column.values_begin + 8 * next, done.begin - next, turn));
    next = done.begin + done.rows;
  }
  column.border = kBorderOfTicks;
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
  FrameFiles open_files;
  FrameWriterOptions options;
  Schema schema;

  std::mutex mutex;
  std::map<std::thread::id, FrameBlock> blocks;
  std::vector<File> files;  // none before the first block is written
  std::vector<ColumnWriter> columns;
  std::uint64_t rows = 0;
  std::uint64_t data_bytes = 0;
  std::uint64_t region_bytes = kRegionBytes;
  bool on_disk = false;
  bool counts_only = false;  // too many rows: no more are written
  std::shared_mutex moving;  // held by whoever writes a block; alone by the move to disk

  FrameBlock& block_of_this_thread() {
    const std::lock_guard lock(mutex);
    return blocks.try_emplace(std::this_thread::get_id(), schema, options.decimal_scale).first->second;
  }
  Status open(FramePlace place);
  Status move_to_disk();
  bool outgrows_memory(const FrameBlock& block);
  Error too_large() const;
  Result<std::vector<Place>> claim(FrameBlock& block, bool large);
  Status write(FrameBlock& block, bool large);
  Status flush(FrameBlock& block, bool large);
};

FrameWriter::FrameWriter(FrameWriter&&) noexcept = default;
FrameWriter& FrameWriter::operator=(FrameWriter&&) noexcept = default;
FrameWriter::~FrameWriter() = default;
const Schema& FrameWriter::schema() const { return state_->schema; }

FrameWriter::FrameWriter(FrameFiles files, const Schema& schema, const FrameWriterOptions& options)
    : state_(std::make_unique<State>()) {
  state_->open_files = std::move(files);
  state_->options = options;
  state_->schema = schema;
}

/// Settles how many files there are, and what lies where in them.
Status FrameWriter::State::open(FramePlace place) {
  WARDIAN_ASSIGN(const std::vector<int> opened, open_files(place));
  files.clear();
  columns.clear();
  if (place == FramePlace::disk) {
    const std::uint64_t columns_a_file = (schema.size() + opened.size() - 1) / opened.size();
    region_bytes = kDiskFileBytes / (3 * std::max<std::uint64_t>(1, columns_a_file)) / kPageBytes * kPageBytes;
  }
  for (std::size_t at = 0; at < opened.size(); ++at) {
    File file{.fd = opened[at], .schema = {}};
    BorderTable table;
    for (std::size_t i = at; i < schema.size(); i += opened.size()) {
      file.schema.push_back(schema[i]);
      table.columns.push_back({.name = schema[i].name, .type = border_type_of(schema[i].type, options.decimal_scale)});
    }
    // The size of the metadata does not depend on the values in it, but for times, which may turn to ticks.
    file.schema_message_bytes = encode_schema_message(table).size() + round_up(kTicksGrowthBytes * table.columns.size(), 64);
    file.body_begin = round_up(file.schema_message_bytes + encode_batch_message(table).size(), kPageBytes);
    files.push_back(std::move(file));
  }
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const File& file = files[i % files.size()];
    const std::uint64_t region = file.body_begin + 3 * region_bytes * (i / files.size());
    columns.push_back({.type = schema[i].type,
                       .border = border_type_of(schema[i].type, options.decimal_scale),
                       .fd = file.fd,
                       .values_begin = region,
                       .text_begin = region + region_bytes,
                       .validity_begin = region + 2 * region_bytes});
  }
  return {};
}

bool FrameWriter::State::outgrows_memory(const FrameBlock& block) {
  const std::lock_guard lock(mutex);
  return !on_disk && data_bytes + block.data_bytes() > options.memory_bytes_max;
}

/// Once every block that was begun is written, and before the next begins.
Status FrameWriter::State::move_to_disk() {
  const std::unique_lock alone(moving);
  const std::lock_guard lock(mutex);
  if (on_disk) return {};
  const std::vector<ColumnWriter> before = std::move(columns);
  std::vector<int> left;
  for (const File& file : files) left.push_back(file.fd);
  WARDIAN_TRY(open(FramePlace::disk));
  on_disk = true;
  for (std::size_t i = 0; i < before.size(); ++i) {
    WARDIAN_TRY(copy_column(before[i], columns[i], rows));
    columns[i].text_bytes = before[i].text_bytes;
    columns[i].long_texts = before[i].long_texts;
    columns[i].validity = before[i].validity;
    columns[i].bits = before[i].bits;
    columns[i].ticks = before[i].ticks;
  }
  // The caller's, who keeps them until all is done: what they took in memory is free from here on.
  for (const int fd : left)
    if (::ftruncate(fd, 0) != 0) return Error{.code = ErrorCode::io, .message = "Emptying a frame's file failed"};
  return {};
}

Error FrameWriter::State::too_large() const {
  const std::string more = counts_only ? "" : "more than ";
  const std::uint64_t limit = std::min(options.data_bytes_max, region_bytes);
  if (on_disk && data_bytes <= limit) {
    return {.code = ErrorCode::disk_full,
            .message = "The table handed to Python does not fit on the disk: it needs " + in_mebibytes(data_bytes)};
  }
  return {.code = ErrorCode::result_too_large,
          .message = "The table handed to Python is too large: it needs " + more + in_mebibytes(data_bytes) + "; the limit is " +
                     in_mebibytes(limit),
          .hint = "Filter or summarize before evaluate python, or project fewer columns."};
}

/// Takes the block's rows, and its bytes in every text column, for the calling thread.
Result<std::vector<Place>> FrameWriter::State::claim(FrameBlock& block, bool large) {
  const std::lock_guard lock(mutex);
  data_bytes += block.data_bytes();
  if (data_bytes > options.data_bytes_max || data_bytes > region_bytes) {
    if (!options.counts_beyond) return too_large();
    counts_only = true;
  }
  if (counts_only) return std::vector<Place>();
  if (files.empty()) WARDIAN_TRY(open(large ? FramePlace::large : FramePlace::small));
  std::vector<Place> places(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::uint64_t text_bytes = block.columns()[i].text.size();
    places[i] = {rows, std::exchange(columns[i].text_bytes, columns[i].text_bytes + text_bytes)};
    columns[i].long_texts += block.columns()[i].long_texts;
  }
  rows += block.rows();
  return places;
}

Status FrameWriter::State::write(FrameBlock& block, bool large) {
  const std::shared_lock writing(moving);
  WARDIAN_ASSIGN(const std::vector<Place> places, claim(block, large));
  for (std::size_t i = 0; i < places.size(); ++i) {
    ColumnWriter& column = columns[i];
    ColumnBlock& values = block.columns()[i];
    bool in_ticks = false;
    WARDIAN_TRY(write_block(column, values, places[i], in_ticks));
    const RowRange range{places[i].row, block.rows()};
    const std::lock_guard lock(mutex);
    if (values.validity.size() > 0) column.validity.push_back({range, std::move(values.validity)});
    if (in_ticks) column.ticks.push_back(range);
    if (column.type == Type::boolean) column.bits.push_back({range, std::move(values.bits)});
  }
  return {};
}

Status FrameWriter::State::flush(FrameBlock& block, bool large) {
  Status written = outgrows_memory(block) ? move_to_disk() : Status();
  // Where it could not be moved, nobody has counted this block.
  const std::uint64_t uncounted_bytes = written.ok() ? 0 : block.data_bytes();
  if (written.ok()) written = write(block, large);
  block.clear();
  if (written.ok() || written.error().code != ErrorCode::disk_full || !options.counts_beyond) return written;
  const std::lock_guard lock(mutex);
  if (!on_disk) return written;
  data_bytes += uncounted_bytes;
  counts_only = true;
  return {};
}

Status FrameWriter::append(const Batch& batch) {
  FrameBlock& block = state_->block_of_this_thread();
  WARDIAN_TRY(block.append(batch));
  return block.full() ? state_->flush(block, true) : Status();
}

Result<std::vector<FrameLayout>> FrameWriter::finish() {
  State& state = *state_;
  for (auto& [thread, block] : state.blocks) {
    if (block.rows() > 0) WARDIAN_TRY(state.flush(block, false));
  }
  if (state.counts_only) return state.too_large();
  if (state.files.empty()) WARDIAN_TRY(state.open(FramePlace::small));  // no row came
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
    if (!column.ticks.empty()) WARDIAN_TRY(turn_to_ticks(column, state.rows));
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
    layout.long_texts.push_back(column.long_texts);
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

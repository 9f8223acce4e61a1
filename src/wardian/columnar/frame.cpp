#include "wardian/columnar/frame.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <numeric>

#include "wardian/columnar/ticks.h"

namespace wardian::columnar {
namespace {

/// Memory of a batch's converted columns, and the frame's own memory.
struct BatchMemory {
  std::vector<std::unique_ptr<std::byte[]>> blocks;
  std::vector<std::shared_ptr<const void>> owners;

  template <class T>
  std::span<T> make(std::size_t count) {
    // operator new aligns to 16 bytes, which is what Int128 asks.
    blocks.push_back(std::make_unique_for_overwrite<std::byte[]>(count * sizeof(T)));
    return {reinterpret_cast<T*>(blocks.back().get()), count};
  }
};

template <class T>
std::span<const T> values_of(const FrameColumn& column, std::uint64_t begin, std::size_t rows) {
  return {reinterpret_cast<const T*>(column.values) + begin, rows};
}

std::span<const std::uint8_t> unpack_bits(const FrameColumn& column, std::uint64_t begin, std::size_t rows, BatchMemory& memory) {
  const std::span<std::uint8_t> out = memory.make<std::uint8_t>(rows);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(column.values);
  for (std::size_t row = 0; row < rows; ++row) out[row] = (bytes[(begin + row) / 8] >> ((begin + row) % 8)) & 1U;
  return out;
}

/// Counts of `unit` as ticks. Checked before: the valid ones fit. What stands under a null may be anything.
std::span<const std::int64_t> to_ticks(const FrameColumn& column, std::uint64_t begin, std::size_t rows, BatchMemory& memory) {
  const std::span<const std::int64_t> counts = values_of<std::int64_t>(column, begin, rows);
  const std::span<std::int64_t> out = memory.make<std::int64_t>(rows);
  const std::uint64_t epoch = column.type == Type::datetime ? static_cast<std::uint64_t>(kTicksUnixEpoch) : 0;
  const auto multiply = [&](std::uint64_t by) {
    for (std::size_t row = 0; row < rows; ++row) {
      out[row] = static_cast<std::int64_t>(static_cast<std::uint64_t>(counts[row]) * by + epoch);
    }
  };
  switch (column.border.unit) {
    case TimeUnit::nano:
      for (std::size_t row = 0; row < rows; ++row) {
        out[row] = static_cast<std::int64_t>(static_cast<std::uint64_t>(floor_divide(counts[row], kNanosecondsPerTick)) + epoch);
      }
      break;
    case TimeUnit::micro: multiply(kTicksPerMicrosecond); break;
    case TimeUnit::milli: multiply(kTicksPerMicrosecond * 1000); break;
    case TimeUnit::second: multiply(kTicksPerSecond); break;
  }
  return out;
}

template <class Offset>
std::span<const std::string_view> text_views(const FrameColumn& column, const ColumnView& view, std::uint64_t begin,
                                             std::size_t rows, BatchMemory& memory) {
  const std::span<std::string_view> out = memory.make<std::string_view>(rows);
  if (rows == 0) return out;
  const std::span<const Offset> offsets = values_of<Offset>(column, begin, rows + 1);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto length = static_cast<std::size_t>(offsets[row + 1] - offsets[row]);
    out[row] = view.is_valid(row) ? std::string_view(column.text + offsets[row], length) : std::string_view();
  }
  return out;
}

ColumnView read_column(const FrameColumn& column, std::uint64_t begin, std::size_t rows, BatchMemory& memory) {
  ColumnView view{.type = column.type, .decimal_scale = column.border.scale, .validity = {}, .values = {}};
  if (column.validity != nullptr && rows > 0) view.validity = {column.validity + begin / 64, (rows + 63) / 64};
  switch (column.border.layout) {
    case Layout::bits: view.values = unpack_bits(column, begin, rows, memory); break;
    case Layout::int32: view.values = values_of<std::int32_t>(column, begin, rows); break;
    case Layout::int64: view.values = values_of<std::int64_t>(column, begin, rows); break;
    case Layout::float64: view.values = values_of<double>(column, begin, rows); break;
    case Layout::timestamp:
    case Layout::duration: view.values = to_ticks(column, begin, rows, memory); break;
    case Layout::decimal128: {
      // Arrow aligns to eight bytes, Int128 to sixteen.
      const std::span<Int128> out = memory.make<Int128>(rows);
      if (rows > 0) std::memcpy(out.data(), column.values + 16 * begin, 16 * rows);
      view.values = std::span<const Int128>(out);
      break;
    }
    case Layout::utf8: view.values = text_views<std::int32_t>(column, view, begin, rows, memory); break;
    case Layout::large_utf8: view.values = text_views<std::int64_t>(column, view, begin, rows, memory); break;
  }
  if (column.type == Type::string) view.validity = {};  // a null string is an empty one
  return view;
}

class FrameStream final : public BatchStream {
 public:
  FrameStream(std::shared_ptr<const Frame> frame, std::size_t batch_rows)
      : frame_(std::move(frame)), batch_rows_(batch_rows / 64 * 64), columns_(frame_->columns().size()) {
    std::iota(columns_.begin(), columns_.end(), std::size_t{0});
  }
  const Schema& schema() const override { return frame_->schema(); }
  Result<std::optional<Batch>> next() override {
    if (next_ >= frame_->rows()) return std::optional<Batch>();
    const std::size_t rows = std::min<std::uint64_t>(batch_rows_, frame_->rows() - next_);
    std::optional<Batch> batch = frame_->read(next_, rows, columns_);
    next_ += rows;
    return batch;
  }

 private:
  std::shared_ptr<const Frame> frame_;
  std::size_t batch_rows_;
  std::vector<std::size_t> columns_;
  std::uint64_t next_ = 0;
};

/// One buffer of a frame, mapped from its page on.
Result<std::pair<const std::byte*, std::shared_ptr<const void>>> map_range(int fd, std::uint64_t begin, std::uint64_t bytes) {
  if (bytes == 0) return std::pair<const std::byte*, std::shared_ptr<const void>>();
  void* const at = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, fd, static_cast<off_t>(begin));
  if (at == MAP_FAILED) {
    return Error{.code = ErrorCode::io, .message = "Mapping a frame failed: " + std::string(std::strerror(errno))};
  }
  std::shared_ptr<const void> owner(at, [bytes](const void* mapped) { ::munmap(const_cast<void*>(mapped), bytes); });
  return std::pair(static_cast<const std::byte*>(at), std::move(owner));
}

}  // namespace

Frame::Frame(std::uint64_t rows, std::vector<FrameColumn> columns) : rows_(rows), columns_(std::move(columns)) {
  for (const FrameColumn& column : columns_) schema_.push_back({column.name, column.type});
}

Batch Frame::read(std::uint64_t begin, std::size_t rows, std::span<const std::size_t> columns) const {
  auto memory = std::make_shared<BatchMemory>();
  Batch batch{.rows = rows, .columns = {}, .owner = memory};
  batch.columns.reserve(columns.size());
  for (const std::size_t index : columns) {
    const FrameColumn& column = columns_[index];
    memory->owners.push_back(column.owner);
    batch.columns.push_back(read_column(column, begin, rows, *memory));
  }
  return batch;
}

void Frame::let_go() const {
  if (!pages_.empty()) ::madvise(const_cast<std::byte*>(pages_.data()), pages_.size(), MADV_DONTNEED);
}

Frame slice(const Frame& frame, std::uint64_t begin, std::uint64_t rows) {
  std::vector<FrameColumn> columns = frame.columns();
  for (FrameColumn& column : columns) {
    if (column.validity != nullptr) column.validity += begin / 64;
    switch (column.border.layout) {
      case Layout::bits: column.values += begin / 8; break;
      case Layout::utf8: column.values += begin * sizeof(std::int32_t); break;
      case Layout::large_utf8: column.values += begin * sizeof(std::int64_t); break;
      default: column.values += begin * fixed_width_bytes(column.border.layout); break;
    }
  }
  return Frame(rows, std::move(columns));
}

Result<Frame> map_frame(int fd, const FrameLayout& layout, std::span<const std::size_t> columns) {
  std::vector<FrameColumn> mapped;
  for (const std::size_t index : columns) {
    const BorderColumn& described = layout.table.columns[index];
    FrameColumn column{.name = described.name,
                       .type = layout.schema[index].type,
                       .border = described.type,
                       .nulls = described.nulls,
                       .owner = {}};
    auto owners = std::make_shared<std::array<std::shared_ptr<const void>, 3>>();
    const BufferRange* const ranges[] = {&described.validity, &described.values, &described.text};
    const std::byte* places[3] = {};
    for (std::size_t i = 0; i < 3; ++i) {
      WARDIAN_ASSIGN(auto piece, map_range(fd, layout.body_begin + ranges[i]->offset, ranges[i]->bytes));
      places[i] = piece.first;
      (*owners)[i] = std::move(piece.second);
    }
    column.validity = reinterpret_cast<const std::uint64_t*>(places[0]);
    column.values = places[1];
    column.text = reinterpret_cast<const char*>(places[2]);
    column.owner = std::move(owners);
    mapped.push_back(std::move(column));
  }
  return Frame(layout.table.rows, std::move(mapped));
}

std::unique_ptr<BatchStream> stream_of(std::shared_ptr<const Frame> frame, std::size_t batch_rows) {
  return std::make_unique<FrameStream>(std::move(frame), batch_rows);
}

}  // namespace wardian::columnar

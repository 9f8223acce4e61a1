#include "wardian/columnar/frame_copy.h"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "wardian/columnar/file_write.h"
#include "wardian/columnar/ipc_message.h"

namespace wardian::columnar {
namespace {

constexpr std::uint64_t kBlockBytes = std::uint64_t{1} << 20;

std::uint64_t aligned(std::uint64_t bytes) { return (bytes + 63) / 64 * 64; }

Status read_exactly(int fd, std::span<std::byte> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t size = ::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0)
      return Error{.code = ErrorCode::io,
                   .message = std::string("Cannot read a frame: ") + std::strerror(size < 0 ? errno : EIO)};
    bytes = bytes.subspan(static_cast<std::size_t>(size));
    offset += static_cast<std::uint64_t>(size);
  }
  return {};
}

/// Copies into the target's body, whose end it keeps.
class BodyCopy {
 public:
  BodyCopy(int target, std::uint64_t body_begin, const std::function<Status()>& go_on)
      : target_(target), body_begin_(body_begin), go_on_(go_on), block_(kBlockBytes) {}

  /// `look` sees, and may change, every block on its way.
  Result<BufferRange> add(int fd, std::uint64_t offset, std::uint64_t bytes,
                          const std::function<void(std::span<std::byte>)>& look = {}) {
    const BufferRange range{end_, bytes};
    for (std::uint64_t done = 0; done < bytes;) {
      const auto part = std::span(block_).first(std::min(kBlockBytes, bytes - done));
      WARDIAN_TRY(read_exactly(fd, part, offset + done));
      if (look) look(part);
      WARDIAN_TRY(write_all(target_, part, body_begin_ + end_ + done));
      WARDIAN_TRY(go_on_());
      done += part.size();
    }
    end_ = aligned(end_ + bytes);
    return range;
  }

  std::uint64_t end() const { return end_; }

 private:
  int target_;
  std::uint64_t body_begin_;
  const std::function<Status()>& go_on_;
  std::vector<std::byte> block_;
  std::uint64_t end_ = 0;
};

/// Counts the zeros of a bitmap of so many rows as its blocks pass.
class NullCount {
 public:
  explicit NullCount(std::uint64_t rows) : rows_left_(rows) {}
  void operator()(std::span<std::byte> block) {
    for (const std::byte byte : block) {
      const std::uint64_t bits = std::min<std::uint64_t>(8, rows_left_);
      const auto held = static_cast<unsigned>(byte) & ((1U << bits) - 1);
      nulls_ += bits - static_cast<std::uint64_t>(std::popcount(held));
      rows_left_ -= bits;
    }
  }
  std::uint64_t nulls() const { return nulls_; }

 private:
  std::uint64_t rows_left_;
  std::uint64_t nulls_ = 0;
};

Status copy_text(BodyCopy& body, const WrittenColumn& source, std::uint64_t begin, std::uint64_t rows, BorderColumn& made) {
  const BorderColumn& column = source.layout->table.columns[source.place];
  const std::uint64_t offsets = source.layout->body_begin + column.values.offset + begin * sizeof(std::int64_t);
  std::int64_t ends[2] = {};
  WARDIAN_TRY(read_exactly(source.fd, std::as_writable_bytes(std::span(ends, 1)), offsets));
  WARDIAN_TRY(read_exactly(source.fd, std::as_writable_bytes(std::span(ends + 1, 1)), offsets + rows * sizeof(std::int64_t)));
  const auto from_zero = [&](std::span<std::byte> block) {
    for (std::size_t at = 0; at < block.size(); at += sizeof(std::int64_t)) {
      std::int64_t value = 0;
      std::memcpy(&value, &block[at], sizeof value);
      value -= ends[0];
      std::memcpy(&block[at], &value, sizeof value);
    }
  };
  WARDIAN_ASSIGN(made.values, body.add(source.fd, offsets, (rows + 1) * sizeof(std::int64_t), from_zero));
  const std::uint64_t text = source.layout->body_begin + column.text.offset + static_cast<std::uint64_t>(ends[0]);
  WARDIAN_ASSIGN(made.text, body.add(source.fd, text, static_cast<std::uint64_t>(ends[1] - ends[0])));
  return {};
}

}  // namespace

Result<FrameLayout> copy_frame(std::span<const WrittenColumn> columns, std::uint64_t begin, std::uint64_t rows, int target,
                               const std::function<Status()>& go_on) {
  FrameLayout layout;
  layout.table.rows = rows;
  for (const WrittenColumn& source : columns) {
    const BorderColumn& column = source.layout->table.columns[source.place];
    layout.schema.push_back(source.layout->schema[source.place]);
    layout.table.columns.push_back({.name = column.name, .type = column.type, .nulls = column.nulls});
  }
  // The size of the metadata does not depend on the numbers in it.
  const std::uint64_t schema_bytes = encode_schema_message(layout.table).size();
  layout.body_begin = schema_bytes + encode_batch_message(layout.table).size();
  BodyCopy body(target, layout.body_begin, go_on);
  const std::uint64_t bits = (rows + 7) / 8;
  std::vector<std::uint64_t> nulls;
  for (std::size_t at = 0; at < columns.size(); ++at) {
    const WrittenColumn& source = columns[at];
    const BorderColumn& column = source.layout->table.columns[source.place];
    BorderColumn& made = layout.table.columns[at];
    const std::uint64_t body_begin = source.layout->body_begin;
    NullCount count(rows);
    if (column.nulls > 0) {
      WARDIAN_ASSIGN(made.validity, body.add(source.fd, body_begin + column.validity.offset + begin / 8, bits, std::ref(count)));
    }
    nulls.push_back(count.nulls());
    if (is_text(column.type.layout)) {
      WARDIAN_TRY(copy_text(body, source, begin, rows, made));
    } else if (column.type.layout == Layout::bits) {
      WARDIAN_ASSIGN(made.values, body.add(source.fd, body_begin + column.values.offset + begin / 8, bits));
    } else {
      const std::uint64_t width = fixed_width_bytes(column.type.layout);
      WARDIAN_ASSIGN(made.values, body.add(source.fd, body_begin + column.values.offset + begin * width, rows * width));
    }
  }
  layout.table.body_bytes = body.end();
  BorderTable described = layout.table;
  for (std::size_t at = 0; at < nulls.size(); ++at) described.columns[at].nulls = nulls[at];
  WARDIAN_TRY(write_all(target, encode_schema_message(described, schema_bytes), 0));
  WARDIAN_TRY(write_all(target, encode_batch_message(described, layout.body_begin - schema_bytes), schema_bytes));
  WARDIAN_TRY(write_all(target, kStreamEnd, layout.body_begin + layout.table.body_bytes));
  return layout;
}

}  // namespace wardian::columnar

#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <limits>
#include <numeric>

#include "wardian/base/unique_fd.h"
#include "wardian/columnar/bit_buffer.h"
#include "wardian/columnar/frame.h"
#include "wardian/columnar/frame_writer.h"
#include "wardian/columnar/ipc_message.h"

/// Batches made of values, and frames written from them, for the tests of this folder.
namespace wardian::columnar {

/// Owns the arrays behind one column's view.
struct TestColumn {
  ColumnView view;
  std::vector<std::uint8_t> bytes;
  std::vector<std::int32_t> ints;
  std::vector<std::int64_t> longs;
  std::vector<double> reals;
  std::vector<Int128> decimals;
  std::vector<std::string> texts;
  std::vector<std::string_view> views;
  BitBuffer validity;
};

/// `nulls`: rows that are null.
inline std::shared_ptr<TestColumn> finish(std::shared_ptr<TestColumn> column, Type type, std::size_t rows,
                                          std::vector<std::size_t> nulls) {
  column->view.type = type;
  if (!nulls.empty()) {
    std::vector<std::uint8_t> valid(rows, 1);
    for (const std::size_t row : nulls) valid[row] = 0;
    column->validity.append_bytes(valid);
    column->view.validity = column->validity.words();
  }
  return column;
}

inline std::shared_ptr<TestColumn> longs(Type type, std::vector<std::int64_t> values, std::vector<std::size_t> nulls = {}) {
  auto column = std::make_shared<TestColumn>();
  column->longs = std::move(values);
  column->view.values = std::span<const std::int64_t>(column->longs);
  return finish(column, type, column->longs.size(), std::move(nulls));
}
inline std::shared_ptr<TestColumn> ints(std::vector<std::int32_t> values, std::vector<std::size_t> nulls = {}) {
  auto column = std::make_shared<TestColumn>();
  column->ints = std::move(values);
  column->view.values = std::span<const std::int32_t>(column->ints);
  return finish(column, Type::int32, column->ints.size(), std::move(nulls));
}
inline std::shared_ptr<TestColumn> bools(std::vector<std::uint8_t> values, std::vector<std::size_t> nulls = {}) {
  auto column = std::make_shared<TestColumn>();
  column->bytes = std::move(values);
  column->view.values = std::span<const std::uint8_t>(column->bytes);
  return finish(column, Type::boolean, column->bytes.size(), std::move(nulls));
}
inline std::shared_ptr<TestColumn> reals(std::vector<double> values, std::vector<std::size_t> nulls = {}) {
  auto column = std::make_shared<TestColumn>();
  column->reals = std::move(values);
  column->view.values = std::span<const double>(column->reals);
  return finish(column, Type::real, column->reals.size(), std::move(nulls));
}
inline std::shared_ptr<TestColumn> decimals(std::vector<Int128> values, std::vector<std::size_t> nulls = {}) {
  auto column = std::make_shared<TestColumn>();
  column->decimals = std::move(values);
  column->view.decimal_scale = 17;
  column->view.values = std::span<const Int128>(column->decimals);
  return finish(column, Type::decimal, column->decimals.size(), std::move(nulls));
}
inline std::shared_ptr<TestColumn> texts(Type type, std::vector<std::string> values, std::vector<std::size_t> nulls = {}) {
  auto column = std::make_shared<TestColumn>();
  column->texts = std::move(values);
  column->views.assign(column->texts.begin(), column->texts.end());
  column->view.values = std::span<const std::string_view>(column->views);
  return finish(column, type, column->texts.size(), std::move(nulls));
}

inline Batch batch_of(const std::vector<std::shared_ptr<TestColumn>>& columns, std::size_t rows) {
  Batch batch{.rows = rows, .columns = {}, .owner = std::make_shared<std::vector<std::shared_ptr<TestColumn>>>(columns)};
  for (const auto& column : columns) batch.columns.push_back(column->view);
  return batch;
}

inline Schema schema_of(const Batch& batch) {
  Schema schema;
  for (std::size_t i = 0; i < batch.columns.size(); ++i) schema.push_back({"c" + std::to_string(i), batch.columns[i].type});
  return schema;
}

struct WrittenFrame {
  UniqueFd fd;
  FrameLayout layout;
};

inline Result<WrittenFrame> write_frame(const std::vector<Batch>& batches, const FrameWriterOptions& options = {}) {
  WrittenFrame written{UniqueFd(::memfd_create("test", MFD_CLOEXEC)), {}};
  const int file = written.fd.get();
  FrameWriter writer([file](FramePlace) { return Result(std::vector<int>{file}); }, schema_of(batches.front()), options);
  for (const Batch& batch : batches) WARDIAN_TRY(writer.append(batch));
  WARDIAN_ASSIGN(const std::vector<FrameLayout> layouts, writer.finish());
  written.layout = layouts.front();
  return written;
}

/// The same record batch without the gaps between its buffers, as a script's result is.
inline std::vector<std::byte> packed_stream(const WrittenFrame& written) {
  BorderTable table = written.layout.table;
  std::vector<std::byte> body;
  const auto move = [&](BufferRange& range) {
    const std::size_t at = body.size();
    body.resize((at + range.bytes + 63) / 64 * 64);
    const ssize_t got =
        ::pread(written.fd.get(), body.data() + at, range.bytes, static_cast<off_t>(written.layout.body_begin + range.offset));
    if (got != static_cast<ssize_t>(range.bytes)) std::abort();
    range.offset = at;
  };
  for (BorderColumn& column : table.columns) {
    move(column.validity);
    move(column.values);
    move(column.text);
  }
  table.body_bytes = body.size();
  std::vector<std::byte> stream = encode_schema_message(table);
  const std::vector<std::byte> batch = encode_batch_message(table);
  stream.insert(stream.end(), batch.begin(), batch.end());
  stream.insert(stream.end(), body.begin(), body.end());
  stream.insert(stream.end(), std::begin(kStreamEnd), std::end(kStreamEnd));
  return stream;
}

inline std::vector<std::size_t> all_columns(std::size_t count) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

/// A cell as text: "null", or the value.
inline std::string cell(const ColumnView& column, std::size_t row) {
  if (!column.is_valid(row)) return "null";
  return std::visit(
      [row](const auto& values) -> std::string {
        using Value = std::remove_cvref_t<decltype(values[row])>;
        if constexpr (std::is_same_v<Value, std::string_view>) {
          return std::string(values[row]);
        } else if constexpr (std::is_same_v<Value, Int128>) {
          return std::to_string(static_cast<double>(values[row]));
        } else {
          return std::to_string(values[row]);
        }
      },
      column.values);
}

inline std::vector<std::vector<std::string>> cells(const Batch& batch) {
  std::vector<std::vector<std::string>> rows(batch.rows);
  for (std::size_t row = 0; row < batch.rows; ++row) {
    for (const ColumnView& column : batch.columns) rows[row].push_back(cell(column, row));
  }
  return rows;
}

}  // namespace wardian::columnar

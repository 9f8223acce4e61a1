// The module that links Arrow and Parquet to write files; columnar/table_file.h loads it.
#include <arrow/array/data.h>
#include <arrow/array/util.h>
#include <arrow/buffer.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <unistd.h>

#include "wardian/columnar/batch_slice.h"
#include "wardian/columnar/row_group.h"
#include "wardian/columnar/table_file_writer/encoder.h"

namespace wardian::columnar {
namespace {

struct GroupSize {
  std::size_t rows, bytes;
};
// Parquet: what the engine reads with one thread. Arrow: what a reader maps or gets at once.
constexpr GroupSize kParquetGroup = {122'880, std::size_t{64} << 20};
constexpr GroupSize kArrowBatch = {65'536, std::size_t{16} << 20};

GroupSize group_size(TableFileFormat format) { return format == TableFileFormat::parquet ? kParquetGroup : kArrowBatch; }

/// The sink as Arrow sees it; keeps the sink's own error, which says more than what Arrow makes of it.
class SinkStream final : public arrow::io::OutputStream {
 public:
  explicit SinkStream(ByteSink& sink) : sink_(sink) {}
  arrow::Status Write(const void* data, std::int64_t bytes) override {
    Status written = sink_.write({static_cast<const char*>(data), static_cast<std::size_t>(bytes)});
    written_ += bytes;
    if (written.ok()) return arrow::Status::OK();
    failure_ = std::move(written).error();
    return arrow::Status::IOError(failure_->message);
  }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  arrow::Result<std::int64_t> Tell() const override { return written_; }
  bool closed() const override { return closed_; }

  const std::optional<Error>& failure() const { return failure_; }

 private:
  ByteSink& sink_;
  std::optional<Error> failure_;
  std::int64_t written_ = 0;
  bool closed_ = false;
};

std::shared_ptr<arrow::DataType> file_type(const FileColumn& column) {
  const arrow::TimeUnit::type unit = column.unit == FileUnit::microseconds ? arrow::TimeUnit::MICRO : arrow::TimeUnit::NANO;
  switch (column.type) {
    case Type::boolean: return arrow::boolean();
    case Type::int32: return arrow::int32();
    case Type::int64: return arrow::int64();
    case Type::real: return arrow::float64();
    case Type::decimal: return arrow::decimal128(kDecimalWidth, kDecimalScale);
    // Plain text for these as well: what knows no extension type shows bytes, or refuses the column.
    case Type::string:
    case Type::dynamic:
    case Type::guid: return arrow::utf8();
    // No zone: with one, the engine itself and others cut to microseconds.
    case Type::datetime: return column.unit == FileUnit::ticks ? arrow::int64() : arrow::timestamp(unit);
    case Type::timespan: return column.unit == FileUnit::ticks ? arrow::int64() : arrow::duration(unit);
  }
  return nullptr;
}

std::shared_ptr<arrow::Schema> file_schema(const std::vector<FileColumn>& columns) {
  arrow::FieldVector fields;
  for (const FileColumn& column : columns) {
    auto named = arrow::key_value_metadata({std::string(kFieldTypeKey)}, {std::string(type_name(column.type))});
    fields.push_back(arrow::field(column.name, file_type(column), /*nullable=*/true, std::move(named)));
  }
  return arrow::schema(std::move(fields),
                       arrow::key_value_metadata({std::string(kFileColumnsKey)}, {file_columns_text(columns)}));
}

template <class T>
std::shared_ptr<arrow::Buffer> view_of(std::span<const T> values) {
  return std::make_shared<arrow::Buffer>(reinterpret_cast<const std::uint8_t*>(values.data()),
                                         static_cast<std::int64_t>(values.size_bytes()));
}

/// The column as Arrow's, without a copy: it lives as long as the group is left alone.
std::shared_ptr<arrow::ArrayData> array_over(const GatheredColumn& column, std::int64_t rows,
                                             const std::shared_ptr<arrow::DataType>& type) {
  const std::uint64_t nulls = column.validity.size() - column.validity.ones();
  std::vector<std::shared_ptr<arrow::Buffer>> buffers = {nullptr};
  if (nulls > 0) buffers[0] = view_of(column.validity.words());
  switch (column.type) {
    case Type::boolean: buffers.push_back(view_of(column.bits.words())); break;
    case Type::string:
    case Type::dynamic:
    case Type::guid:
      buffers.push_back(view_of(std::span<const std::int32_t>(column.ends)));
      buffers.push_back(view_of(std::span<const char>(column.text)));
      break;
    default: buffers.push_back(view_of(std::span<const std::byte>(column.values)));
  }
  return arrow::ArrayData::Make(type, rows, std::move(buffers), static_cast<std::int64_t>(nulls));
}

/// A column that was written, in another unit, or as it was where that is the same.
arrow::Result<std::shared_ptr<arrow::ArrayData>> in_unit(const arrow::ArrayData& read, const FileColumn& from,
                                                         const FileColumn& to, const std::shared_ptr<arrow::DataType>& type) {
  std::shared_ptr<arrow::ArrayData> data = read.Copy();
  data->type = type;
  if (from.unit == to.unit) return data;
  const auto* const counts = read.GetValues<std::int64_t>(1);
  ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Buffer> values,
                        arrow::AllocateBuffer((read.length + read.offset) * static_cast<std::int64_t>(sizeof(std::int64_t))));
  auto* const out = reinterpret_cast<std::int64_t*>(values->mutable_data()) + read.offset;
  for (std::int64_t i = 0; i < read.length; ++i) out[i] = convert_count(counts[i], from.type, from.unit, to.unit);
  data->buffers[1] = values;
  return data;
}

class Writer final : public TableFileWriter {
 public:
  Writer(TableFileFormat format, const Schema& schema, ByteSink& sink)
      : format_(format), sink_(sink), group_(schema, group_size(format).rows, group_size(format).bytes) {
    for (const Column& column : schema) {
      const bool counts = column.type == Type::datetime || column.type == Type::timespan;
      columns_.push_back({column.name, column.type, counts ? FileUnit::nanoseconds : FileUnit::none});
      ranges_.emplace_back(column.type);
    }
  }

  ~Writer() override {
    // Announces a message that never comes.
    static constexpr std::string_view kCut("\xff\xff\xff\xff\x00\x01\x00\x00", 8);
    if (format_ == TableFileFormat::arrow_stream && encoder_ != nullptr && !finished_) static_cast<void>(sink_.write(kCut));
    encoder_.reset();
  }

  Status append(const Batch& batch) override {
    if (!group_.has_room_for(batch)) {
      WARDIAN_TRY(flush());
      if (!group_.has_room_for(batch)) {
        if (batch.rows == 1)
          return Error{ErrorCode::result_too_large, "A text of more than 2 GiB goes into no Arrow or Parquet file", {}, {}};
        WARDIAN_TRY(append(slice(batch, 0, batch.rows / 2)));
        return append(slice(batch, batch.rows / 2, batch.rows - batch.rows / 2));
      }
    }
    WARDIAN_TRY(group_.append(batch));
    return group_.full() ? flush() : Status();
  }

  Status finish() override {
    WARDIAN_TRY(flush());
    if (encoder_ == nullptr) WARDIAN_TRY(open());
    finished_ = true;
    return said(encoder_->close());
  }

 private:
  Status open() {
    schema_ = file_schema(columns_);
    stream_ = std::make_shared<SinkStream>(sink_);
    return said(open_encoder(format_, schema_, stream_, &encoder_));
  }

  Status flush() {
    if (group_.rows() == 0) return {};
    WARDIAN_TRY(choose_units());
    const auto rows = static_cast<std::int64_t>(group_.rows());
    std::vector<std::shared_ptr<arrow::ArrayData>> arrays;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      GatheredColumn& column = group_.columns()[i];
      if (columns_[i].unit != FileUnit::none) {
        auto* const counts = reinterpret_cast<std::int64_t*>(column.values.data());
        for (std::int64_t row = 0; row < rows; ++row)
          counts[row] = convert_count(counts[row], column.type, FileUnit::ticks, columns_[i].unit);
      }
      arrays.push_back(array_over(column, rows, schema_->field(static_cast<int>(i))->type()));
    }
    WARDIAN_TRY(said(encoder_->write(*arrow::RecordBatch::Make(schema_, rows, std::move(arrays)))));
    group_.clear();
    return {};
  }

  /// So that the group's values fit, with those written before.
  Status choose_units() {
    std::vector<FileColumn> wanted = columns_;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].unit == FileUnit::none) continue;
      ranges_[i].add(group_.columns()[i].range);
      wanted[i].unit = ranges_[i].unit();
    }
    if (encoder_ == nullptr) {
      columns_ = std::move(wanted);
      return open();
    }
    if (wanted == columns_) return {};
    if (!sink_.can_restart()) {
      const auto [now, then] = std::ranges::mismatch(columns_, wanted);
      return Error{ErrorCode::overflow,
                   "Column '" + now->name + "' has values that do not fit the unit of its first rows, which have been sent",
                   {},
                   "Write to a file, where the unit is that which fits all rows."};
    }
    return rewrite(std::move(wanted));
  }

  Status rewrite(std::vector<FileColumn> wanted) {
    WARDIAN_TRY(said(encoder_->close()));
    encoder_.reset();
    WARDIAN_TRY(sink_.flush());
    WARDIAN_ASSIGN(UniqueFd before, sink_.restart());
    ::lseek(before.get(), 0, SEEK_SET);
    const std::vector<FileColumn> old = std::exchange(columns_, std::move(wanted));
    WARDIAN_TRY(open());
    const auto copy = [&](const std::shared_ptr<arrow::RecordBatch>& batch) -> arrow::Status {
      std::vector<std::shared_ptr<arrow::ArrayData>> arrays;
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        const int at = static_cast<int>(i);
        ARROW_ASSIGN_OR_RAISE(auto data, in_unit(*batch->column_data(at), old[i], columns_[i], schema_->field(at)->type()));
        arrays.push_back(std::move(data));
      }
      return encoder_->write(*arrow::RecordBatch::Make(schema_, batch->num_rows(), std::move(arrays)));
    };
    auto file = arrow::io::ReadableFile::Open(before.get());
    if (!file.ok()) return said(file.status());
    before.release();  // the file's own from here on
    return said(read_back(format_, *file, copy));
  }

  Status said(const arrow::Status& status) const {
    if (status.ok()) return {};
    if (stream_ != nullptr && stream_->failure()) return *stream_->failure();
    return Error{status.IsOutOfMemory() ? ErrorCode::out_of_memory : ErrorCode::internal,
                 "The file cannot be written: " + status.ToString(),
                 {},
                 {}};
  }

  TableFileFormat format_;
  ByteSink& sink_;
  RowGroup group_;
  std::vector<FileColumn> columns_;
  std::vector<TickRange> ranges_;  // of all rows so far, for each column
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<SinkStream> stream_;
  std::unique_ptr<Encoder> encoder_;  // none before the first group
  bool finished_ = false;
};

}  // namespace
}  // namespace wardian::columnar

extern "C" __attribute__((visibility("default"))) void wardian_open_table_file(
    wardian::columnar::TableFileFormat format, const wardian::columnar::Schema& schema, wardian::columnar::ByteSink& sink,
    wardian::Result<std::unique_ptr<wardian::columnar::TableFileWriter>>& opened) {
  opened = std::unique_ptr<wardian::columnar::TableFileWriter>(std::make_unique<wardian::columnar::Writer>(format, schema, sink));
}

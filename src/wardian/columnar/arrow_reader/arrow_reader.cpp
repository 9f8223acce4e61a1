// The module that links Arrow C++, the only one that includes its headers; columnar/arrow_file.h loads it.
#include <arrow/array/array_base.h>
#include <arrow/buffer.h>
#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>
#include <arrow/util/key_value_metadata.h>

#include "wardian/columnar/arrow_file.h"

namespace wardian::columnar {
namespace {

Error bad_file(const arrow::Status& status) { return Error{ErrorCode::bad_file, status.message(), {}, {}}; }

/// What Arrow throws instead of returning: for a file that asks for more memory than there is, say.
template <class Body>
auto guarded(Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& failure) {
    return Error{ErrorCode::bad_file, failure.what(), {}, {}};
  }
}

arrow::ipc::IpcReadOptions options_for(const std::vector<int>& columns) {
  arrow::ipc::IpcReadOptions options = arrow::ipc::IpcReadOptions::Defaults();
  options.use_threads = false;  // the engine's own threads read batches side by side
  options.included_fields = columns;
  return options;
}

class Loaded : public ArrowFile {
 public:
  explicit Loaded(const std::shared_ptr<arrow::Schema>& schema) : schema_(schema) {
    for (int i = 0; i < schema->num_fields(); ++i) {
      const arrow::DataType& type = *schema->field(i)->type();
      if (type.id() != arrow::Type::DURATION || static_cast<const arrow::DurationType&>(type).unit() != arrow::TimeUnit::NANO)
        continue;
      durations_.push_back(static_cast<std::size_t>(i));
      schema_ = *schema_->SetField(i, schema->field(i)->WithType(arrow::int64()));
    }
  }

  Status describe(ArrowSchema* schema) const override {
    if (const arrow::Status status = arrow::ExportSchema(*schema_, schema); !status.ok()) return bad_file(status);
    return {};
  }
  std::string metadata(const std::string& key) const override {
    if (schema_->metadata() == nullptr) return {};
    return schema_->metadata()->Get(key).ValueOr(std::string());
  }
  std::vector<std::size_t> nanosecond_durations() const override { return durations_; }
  Status slice(std::uint64_t begin, std::uint64_t rows, ArrowArray* array) const override {
    std::shared_ptr<arrow::RecordBatch> part;
    if (batch_ != nullptr) {
      part = batch_->Slice(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(rows));
    } else {
      auto empty = arrow::RecordBatch::MakeEmpty(schema_);
      if (!empty.ok()) return bad_file(empty.status());
      part = *std::move(empty);
    }
    if (const arrow::Status status = arrow::ExportRecordBatch(*part, array); !status.ok()) return bad_file(status);
    return {};
  }

 protected:
  Result<std::optional<std::uint64_t>> keep(arrow::Result<std::shared_ptr<arrow::RecordBatch>> read) {
    if (!read.ok()) return bad_file(read.status());
    batch_ = *std::move(read);
    if (batch_ == nullptr) return std::optional<std::uint64_t>();
    if (const arrow::Status status = batch_->ValidateFull(); !status.ok()) return bad_file(status);
    arrow::ArrayVector columns = batch_->columns();
    for (const std::size_t i : durations_) {
      const auto counts = columns[i]->View(arrow::int64());
      if (!counts.ok()) return bad_file(counts.status());
      columns[i] = *counts;
    }
    batch_ = arrow::RecordBatch::Make(schema_, batch_->num_rows(), std::move(columns));
    return std::optional(static_cast<std::uint64_t>(batch_->num_rows()));
  }

 private:
  std::shared_ptr<arrow::Schema> schema_;  // as it is given
  std::vector<std::size_t> durations_;
  std::shared_ptr<arrow::RecordBatch> batch_;
};

class LoadedFile final : public Loaded {
 public:
  explicit LoadedFile(std::shared_ptr<arrow::ipc::RecordBatchFileReader> reader)
      : Loaded(reader->schema()), reader_(std::move(reader)) {}
  std::optional<std::uint64_t> batch_count() const override { return static_cast<std::uint64_t>(reader_->num_record_batches()); }
  Result<std::optional<std::uint64_t>> load(std::uint64_t batch) override {
    if (batch >= *batch_count()) return std::optional<std::uint64_t>();
    return guarded([&] { return keep(reader_->ReadRecordBatch(static_cast<int>(batch))); });
  }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> reader_;
};

class LoadedStream final : public Loaded {
 public:
  explicit LoadedStream(std::shared_ptr<arrow::ipc::RecordBatchStreamReader> reader)
      : Loaded(reader->schema()), reader_(std::move(reader)) {}
  std::optional<std::uint64_t> batch_count() const override { return std::nullopt; }
  Result<std::optional<std::uint64_t>> load(std::uint64_t) override {
    return guarded([&] { return keep(reader_->Next()); });
  }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchStreamReader> reader_;
};

Result<std::unique_ptr<ArrowFile>> open(const std::string& path, const std::vector<int>& columns) {
  static constexpr std::string_view kFileMark = "ARROW1";
  auto file = arrow::io::MemoryMappedFile::Open(path, arrow::io::FileMode::READ);
  if (!file.ok()) return bad_file(file.status());
  const auto head = (*file)->ReadAt(0, static_cast<std::int64_t>(kFileMark.size()));
  if (!head.ok()) return bad_file(head.status());
  const arrow::ipc::IpcReadOptions options = options_for(columns);
  if (std::string_view((*head)->data_as<char>(), static_cast<std::size_t>((*head)->size())) == kFileMark) {
    auto reader = arrow::ipc::RecordBatchFileReader::Open(*file, options);
    if (!reader.ok()) return bad_file(reader.status());
    return std::unique_ptr<ArrowFile>(std::make_unique<LoadedFile>(*std::move(reader)));
  }
  auto reader = arrow::ipc::RecordBatchStreamReader::Open(*std::move(file), options);
  if (!reader.ok()) return bad_file(reader.status());
  return std::unique_ptr<ArrowFile>(std::make_unique<LoadedStream>(*std::move(reader)));
}

}  // namespace
}  // namespace wardian::columnar

extern "C" __attribute__((visibility("default"))) void wardian_open_arrow_file(
    const std::string& path, const std::vector<int>& columns,
    wardian::Result<std::unique_ptr<wardian::columnar::ArrowFile>>& opened) {
  opened = wardian::columnar::guarded([&] { return wardian::columnar::open(path, columns); });
}

#include "wardian/columnar/table_file_writer/encoder.h"

#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/util/compression.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>

namespace wardian::columnar {
namespace {

/// What Parquet throws instead of returning.
template <class Body>
arrow::Status guarded(Body body) {
  try {
    return body();
  } catch (const parquet::ParquetStatusException& failure) {
    return failure.status();
  } catch (const std::bad_alloc&) {
    return arrow::Status::OutOfMemory("for a piece of the file");
  } catch (const std::exception& failure) {
    return arrow::Status::UnknownError(failure.what());
  }
}

class IpcEncoder final : public Encoder {
 public:
  explicit IpcEncoder(std::shared_ptr<arrow::ipc::RecordBatchWriter> writer) : writer_(std::move(writer)) {}
  arrow::Status write(const arrow::RecordBatch& batch) override {
    return guarded([&] { return writer_->WriteRecordBatch(batch); });
  }
  arrow::Status close() override {
    return guarded([&] { return writer_->Close(); });
  }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer_;
};

class ParquetEncoder final : public Encoder {
 public:
  explicit ParquetEncoder(std::unique_ptr<parquet::arrow::FileWriter> writer) : writer_(std::move(writer)) {}
  ~ParquetEncoder() override {
    // Its destructor closes what is open, into a sink that may have failed.
    static_cast<void>(guarded([&] {
      writer_.reset();
      return arrow::Status::OK();
    }));
  }
  arrow::Status write(const arrow::RecordBatch& batch) override {
    return guarded([&] {
      // Buffered, as only then columns are encoded side by side.
      ARROW_RETURN_NOT_OK(writer_->NewBufferedRowGroup());
      return writer_->WriteRecordBatch(batch);
    });
  }
  arrow::Status close() override {
    return guarded([&] { return writer_->Close(); });
  }

 private:
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

arrow::Status open_ipc(bool stream, const std::shared_ptr<arrow::Schema>& schema,
                       const std::shared_ptr<arrow::io::OutputStream>& out, std::unique_ptr<Encoder>* opened) {
  arrow::ipc::IpcWriteOptions options = arrow::ipc::IpcWriteOptions::Defaults();
  // As Feather has it. A stream's reader is near, and not each one decompresses.
  if (!stream) {
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::util::Codec> codec, arrow::util::Codec::Create(arrow::Compression::LZ4_FRAME));
    options.codec = std::move(codec);
  }
  ARROW_ASSIGN_OR_RAISE(auto writer, stream ? arrow::ipc::MakeStreamWriter(out, schema, options)
                                            : arrow::ipc::MakeFileWriter(out, schema, options));
  *opened = std::make_unique<IpcEncoder>(std::move(writer));
  return arrow::Status::OK();
}

arrow::Status open_parquet(const std::shared_ptr<arrow::Schema>& schema, const std::shared_ptr<arrow::io::OutputStream>& out,
                           std::unique_ptr<Encoder>* opened) {
  parquet::WriterProperties::Builder file;
  file.compression(parquet::Compression::ZSTD);
  file.max_row_group_length(INT64_MAX);  // one for each batch
  parquet::ArrowWriterProperties::Builder types;
  types.store_schema();  // so that durations come back as such
  types.set_use_threads(true);
  ARROW_ASSIGN_OR_RAISE(
      auto writer, parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(), out, file.build(), types.build()));
  *opened = std::make_unique<ParquetEncoder>(std::move(writer));
  return arrow::Status::OK();
}

arrow::Status take_all(arrow::RecordBatchReader& reader, const TakeBatch& take) {
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::RecordBatch> batch, reader.Next());
    if (batch == nullptr) return arrow::Status::OK();
    ARROW_RETURN_NOT_OK(take(batch));
  }
}

}  // namespace

arrow::Status open_encoder(TableFileFormat format, const std::shared_ptr<arrow::Schema>& schema,
                           const std::shared_ptr<arrow::io::OutputStream>& out, std::unique_ptr<Encoder>* opened) {
  return guarded([&] {
    return format == TableFileFormat::parquet ? open_parquet(schema, out, opened)
                                              : open_ipc(format == TableFileFormat::arrow_stream, schema, out, opened);
  });
}

arrow::Status read_back(TableFileFormat format, const std::shared_ptr<arrow::io::RandomAccessFile>& file, const TakeBatch& take) {
  return guarded([&]() -> arrow::Status {
    switch (format) {
      case TableFileFormat::arrow_file: {
        ARROW_ASSIGN_OR_RAISE(const auto reader, arrow::ipc::RecordBatchFileReader::Open(file));
        for (int i = 0; i < reader->num_record_batches(); ++i) {
          ARROW_ASSIGN_OR_RAISE(const auto batch, reader->ReadRecordBatch(i));
          ARROW_RETURN_NOT_OK(take(batch));
        }
        return arrow::Status::OK();
      }
      case TableFileFormat::arrow_stream: {
        ARROW_ASSIGN_OR_RAISE(const auto reader, arrow::ipc::RecordBatchStreamReader::Open(file));
        return take_all(*reader, take);
      }
      case TableFileFormat::parquet: {
        ARROW_ASSIGN_OR_RAISE(const auto reader, parquet::arrow::OpenFile(file, arrow::default_memory_pool()));
        reader->set_use_threads(false);
        ARROW_ASSIGN_OR_RAISE(const auto batches, reader->GetRecordBatchReader());
        return take_all(*batches, take);
      }
    }
    return arrow::Status::OK();
  });
}

}  // namespace wardian::columnar

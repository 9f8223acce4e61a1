#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "wardian/columnar/file_columns.h"
#include "wardian/columnar/table_file.h"

namespace arrow {
class RecordBatch;
class Schema;
class Status;
namespace io {
class OutputStream;
class RandomAccessFile;
}  // namespace io
}  // namespace arrow

namespace wardian::columnar {

/// Record batches into the bytes of one format. What Arrow reports is its own; exceptions stay inside.
class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual arrow::Status write(const arrow::RecordBatch& batch) = 0;
  /// Whatever the format has at its end.
  virtual arrow::Status close() = 0;
};

using TakeBatch = std::function<arrow::Status(const std::shared_ptr<arrow::RecordBatch>&)>;

arrow::Status open_encoder(TableFileFormat format, const std::shared_ptr<arrow::Schema>& schema,
                           const std::shared_ptr<arrow::io::OutputStream>& out, std::unique_ptr<Encoder>* opened);
/// All batches of a file that an encoder of that format wrote, one at a time, in order.
arrow::Status read_back(TableFileFormat format, const std::shared_ptr<arrow::io::RandomAccessFile>& file, const TakeBatch& take);

}  // namespace wardian::columnar

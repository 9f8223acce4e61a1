#pragma once

#include <memory>
#include <string_view>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"
#include "wardian/columnar/batch.h"

namespace wardian::columnar {

enum class TableFileFormat : std::uint8_t { arrow_file, arrow_stream, parquet };

/// Where the bytes of a table file go.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual Status write(std::string_view bytes) = 0;
  virtual Status flush() = 0;
  /// Whether what was written can be taken back.
  virtual bool can_restart() const = 0;
  /// Begins anew, with nothing written, and gives what was written as a file to read from.
  virtual Result<UniqueFd> restart() = 0;
};

/// Writes one table as an Arrow or Parquet file, piece by piece: memory does not depend on the number of rows. What each type becomes:
/// docs/decisions/0021. The unit of a datetime or timespan column is that which holds all its values; where a later row asks for a
/// wider one, what is written is copied into it, or, into a sink that cannot restart, the row refused.
/// Without `finish`: a stream ends with half a message, so that no reader takes it for a whole one.
class TableFileWriter {
 public:
  virtual ~TableFileWriter() = default;
  /// Errors: those of the sink, overflow for such a row, result_too_large for a text beyond 2 GiB.
  virtual Status append(const Batch& batch) = 0;
  virtual Status finish() = 0;
};

/// `sink` outlives the writer. Errors: not_supported where Arrow's library cannot be loaded, or the format holds no such table.
Result<std::unique_ptr<TableFileWriter>> open_table_file(TableFileFormat format, const Schema& schema, ByteSink& sink);

/// How the module is entered that links Arrow and Parquet.
using OpenTableFile = void (*)(TableFileFormat format, const Schema& schema, ByteSink& sink,
                               Result<std::unique_ptr<TableFileWriter>>& opened);
inline constexpr const char* kTableFileModule = "libwardian_table_file.so";
inline constexpr const char* kOpenTableFileName = "wardian_open_table_file";

}  // namespace wardian::columnar

#include "wardian/columnar/table_file.h"

#include "wardian/columnar/arrow_module.h"

namespace wardian::columnar {

Result<std::unique_ptr<TableFileWriter>> open_table_file(TableFileFormat format, const Schema& schema, ByteSink& sink) {
  static const Result<void*> entry = arrow_module_entry(kTableFileModule, kOpenTableFileName);
  if (!entry.ok()) return entry.error();
  if (format == TableFileFormat::parquet && schema.empty())
    return Error{ErrorCode::not_supported, "A Parquet file has at least one column, this result has none", {}, {}};
  Result<std::unique_ptr<TableFileWriter>> opened(nullptr);
  reinterpret_cast<OpenTableFile>(*entry)(format, schema, sink, opened);
  return opened;
}

}  // namespace wardian::columnar

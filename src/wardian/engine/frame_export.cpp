#include "wardian/engine/frame_export.h"

#include <mutex>

#include "wardian/engine/chunk_view.h"
#include "wardian/engine/connection_handle.h"
#include "wardian/engine/frame_registration.h"
#include "wardian/engine/handles.h"

namespace wardian::engine {
namespace {

/// One export under way.
struct Export {
  columnar::FrameWriter* writer;
  std::mutex mutex;
  Status status;  // the first failure
};

/// Exports under way, by the number under which SQL names them.
class ExportRegistry {
 public:
  static ExportRegistry& instance() {
    static ExportRegistry registry;
    return registry;
  }
  std::int64_t add(Export& one) {
    const std::lock_guard lock(mutex_);
    exports_.emplace(++last_, &one);
    return last_;
  }
  Export* find(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    const auto found = exports_.find(number);
    return found == exports_.end() ? nullptr : found->second;
  }
  void remove(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    exports_.erase(number);
  }

 private:
  std::mutex mutex_;
  std::int64_t last_ = 0;
  std::map<std::int64_t, Export*> exports_;
};

Result<std::vector<ColumnLayout>> layouts_of(duckdb_data_chunk chunk, const columnar::Schema& schema) {
  if (duckdb_data_chunk_get_column_count(chunk) != schema.size() + 1) {
    return Error{ErrorCode::internal, "The lowered query gives another number of columns than its schema", {}, {}};
  }
  std::vector<ColumnLayout> layouts;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const OwnedType logical(duckdb_vector_get_column_type(duckdb_data_chunk_get_vector(chunk, i + 1)));
    WARDIAN_ASSIGN(const ColumnLayout layout, column_layout(logical.get(), schema[i]));
    layouts.push_back(layout);
  }
  return layouts;
}

Status write_chunk(duckdb_data_chunk chunk, columnar::FrameWriter& writer) {
  WARDIAN_ASSIGN(const std::vector<ColumnLayout> layouts, layouts_of(chunk, writer.schema()));
  return writer.append(view_borrowed(chunk, 1, layouts));
}

/// wardian_export(number, columns…): true for each row, once it is written.
void run_export(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const std::size_t rows = duckdb_data_chunk_get_size(input);
  std::fill_n(static_cast<bool*>(duckdb_vector_get_data(output)), rows, true);
  if (rows == 0) return;
  const auto number = *static_cast<const std::int64_t*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 0)));
  Export* const one = ExportRegistry::instance().find(number);
  Status written =
      one == nullptr ? Status(Error{ErrorCode::internal, "an export that has ended", {}, {}}) : write_chunk(input, *one->writer);
  if (written.ok()) return;
  duckdb_scalar_function_set_error(info, written.error().message.c_str());
  if (one == nullptr) return;
  const std::lock_guard lock(one->mutex);
  if (one->status.ok()) one->status = std::move(written);
}

}  // namespace

Status register_frame_export(duckdb_connection connection) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_scalar_function_set_name(function, "wardian_export");
  const OwnedType number(duckdb_create_logical_type(DUCKDB_TYPE_BIGINT));
  const OwnedType any(duckdb_create_logical_type(DUCKDB_TYPE_ANY));
  const OwnedType truth(duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN));
  duckdb_scalar_function_add_parameter(function, number.get());
  duckdb_scalar_function_set_varargs(function, any.get());
  duckdb_scalar_function_set_return_type(function, truth.get());
  duckdb_scalar_function_set_special_handling(function);  // nulls are values too
  duckdb_scalar_function_set_volatile(function);          // equal rows are rows nevertheless
  duckdb_scalar_function_set_function(function, &run_export);
  const duckdb_state state = duckdb_register_scalar_function(connection, function);
  duckdb_destroy_scalar_function(&function);
  if (state != DuckDBSuccess) return Error{ErrorCode::internal, "The engine refuses the export of frames", {}, {}};
  return {};
}

Status export_rows(Connection& connection, std::string_view sql, columnar::FrameWriter& writer) {
  Export one{.writer = &writer, .mutex = {}, .status = {}};
  const std::int64_t number = ExportRegistry::instance().add(one);
  std::string names;
  for (std::size_t i = 0; i < writer.schema().size(); ++i) names += (i == 0 ? "c" : ", c") + std::to_string(i);
  Status run = connection.execute("SELECT count(wardian_export(" + std::to_string(number) + "::BIGINT, " + names + ")) FROM (" +
                                  std::string(sql) + ") AS rows(" + names + ")");
  ExportRegistry::instance().remove(number);
  // Ours says more than the engine's report of it.
  return one.status.ok() ? std::move(run) : std::move(one.status);
}

}  // namespace wardian::engine

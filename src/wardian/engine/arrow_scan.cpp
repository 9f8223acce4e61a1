#include "wardian/engine/arrow_scan.h"

#include <arrow/c/abi.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <thread>

#include "wardian/columnar/arrow_file.h"
#include "wardian/columnar/unique_names.h"
#include "wardian/engine/handles.h"
#include "wardian/engine/table_function.h"
#include "wardian/engine/unreadable_file.h"

namespace wardian::engine {
namespace {

using columnar::ArrowFile;
using OwnedArrowSchema = Owned<duckdb_arrow_converted_schema, duckdb_destroy_arrow_converted_schema>;
using OwnedErrorData = Owned<duckdb_error_data, duckdb_destroy_error_data>;
using OwnedSelection =
    Owned<duckdb_selection_vector, [](duckdb_selection_vector* selection) { duckdb_destroy_selection_vector(*selection); }>;

/// What the C data interface hands over, released at the end.
template <class Struct>
struct Released : Struct {
  Released() : Struct{} {}
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;
  ~Released() {
    if (this->release != nullptr) this->release(this);
  }
};

/// The engine knows no 16-bit floats (format "e" of Arrow's C data interface), and its report names no column.
bool holds_half_floats(const ArrowSchema& field) {
  if (std::string_view(field.format) == "e") return true;
  return std::ranges::any_of(std::span(field.children, static_cast<std::size_t>(field.n_children)),
                             [](const ArrowSchema* child) { return holds_half_floats(*child); });
}

/// Turns a file's rows into the engine's. `connection` lends its settings, no more.
class Conversion {
 public:
  static Result<std::unique_ptr<Conversion>> make(duckdb_database database, const ArrowFile& file) {
    auto made = std::make_unique<Conversion>();
    if (duckdb_connect(database, made->connection_.out()) != DuckDBSuccess)
      return Error{ErrorCode::internal, "The engine gives no connection", {}, {}};
    Released<ArrowSchema> schema;
    WARDIAN_TRY(file.describe(&schema));
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
      made->names_.emplace_back(schema.children[i]->name);
      if (holds_half_floats(*schema.children[i])) {
        return Error{ErrorCode::bad_file, "column " + made->names_.back() + " holds half floats, which are not read", {}, {}};
      }
    }
    const OwnedErrorData failed(duckdb_schema_from_arrow(made->connection_.get(), &schema, made->schema_.out()));
    if (failed) return error_of(failed);
    return made;
  }

  const std::vector<std::string>& names() const { return names_; }

  Result<OwnedChunk> chunk(const ArrowFile& file, std::uint64_t begin, std::uint64_t rows) const {
    Released<ArrowArray> array;
    WARDIAN_TRY(file.slice(begin, rows, &array));
    OwnedChunk chunk;
    const OwnedErrorData failed(duckdb_data_chunk_from_arrow(connection_.get(), &array, schema_.get(), chunk.out()));
    if (failed) return error_of(failed);
    return chunk;
  }

 private:
  static Error error_of(const OwnedErrorData& failed) {
    return Error{ErrorCode::bad_file, duckdb_error_data_message(failed.get()), {}, {}};
  }
  OwnedConnection connection_;
  OwnedArrowSchema schema_;
  std::vector<std::string> names_;
};

struct BindData {
  duckdb_database database;
  std::string path;
  std::size_t column_count;
};

/// One opened file with its conversion: a thread's own.
struct Reader {
  std::unique_ptr<ArrowFile> file;
  std::unique_ptr<Conversion> conversion;
  std::uint64_t rows = 0;  // of the batch last loaded
  std::uint64_t next = 0;  // of those, the first not yet given out

  static Result<Reader> open(duckdb_database database, const std::string& path, const std::vector<int>& columns) {
    Reader reader;
    WARDIAN_ASSIGN(reader.file, columnar::open_arrow_file(path, columns));
    WARDIAN_ASSIGN(reader.conversion, Conversion::make(database, *reader.file));
    return reader;
  }
};

/// Shared by the threads of one scan.
struct ScanState {
  const BindData* bound;
  std::vector<int> columns;            // of the file, ascending, that are read
  std::vector<std::size_t> positions;  // for each column that the query asks for, its place among those; or past them
  std::atomic<std::uint64_t> next_batch{0};
  std::atomic<bool> stream_taken{false};
};

struct LocalState {
  std::optional<Reader> reader;
  bool idle = false;
};

template <class T>
void destroy(void* object) {
  delete static_cast<T*>(object);
}

Result<std::vector<OwnedType>> types_of(const Reader& reader) {
  // The converted schema tells its types only through a chunk, which may be without rows.
  WARDIAN_ASSIGN(const OwnedChunk empty, reader.conversion->chunk(*reader.file, 0, 0));
  std::vector<OwnedType> types;
  for (idx_t i = 0; i < duckdb_data_chunk_get_column_count(empty.get()); ++i)
    types.emplace_back(duckdb_vector_get_column_type(duckdb_data_chunk_get_vector(empty.get(), i)));
  return types;
}

std::string unreadable(const std::string& path, const Error& error) {
  return std::string(kUnreadableFile) + path + ": " + error.message;
}

Status bind_file(duckdb_bind_info info, duckdb_database database, const std::string& path) {
  WARDIAN_ASSIGN(Reader reader, Reader::open(database, path, {}));
  WARDIAN_ASSIGN(const std::vector<OwnedType> types, types_of(reader));
  columnar::Schema schema;  // for its names only: those that the engine would take for the same are changed
  for (const std::string& name : reader.conversion->names()) schema.push_back({name, columnar::Type::dynamic});
  const std::vector<std::string> names = columnar::unique_names(schema);
  for (std::size_t i = 0; i < types.size(); ++i) duckdb_bind_add_result_column(info, names[i].c_str(), types[i].get());
  duckdb_bind_set_bind_data(info, new BindData{database, path, types.size()}, &destroy<BindData>);
  return {};
}

void bind(duckdb_bind_info info) {
  const OwnedValue parameter(duckdb_bind_get_parameter(info, 0));
  char* const text = duckdb_get_varchar(parameter.get());
  const std::string path = text;
  duckdb_free(text);
  auto* const database = static_cast<duckdb_database>(duckdb_bind_get_extra_info(info));
  if (const Status bound = bind_file(info, database, path); !bound.ok())
    duckdb_bind_set_error(info, unreadable(path, bound.error()).c_str());
}

void start(duckdb_init_info info) {
  auto state = std::make_unique<ScanState>();
  state->bound = static_cast<const BindData*>(duckdb_init_get_bind_data(info));
  std::vector<std::size_t> wanted;
  for (idx_t i = 0; i < duckdb_init_get_column_count(info); ++i) wanted.push_back(duckdb_init_get_column_index(info, i));
  // A position past the last column asks for no column at all but for the count of rows.
  for (const std::size_t column : wanted)
    if (column < state->bound->column_count) state->columns.push_back(static_cast<int>(column));
  if (state->columns.empty()) state->columns.push_back(0);
  std::ranges::sort(state->columns);
  for (const std::size_t column : wanted)
    state->positions.push_back(
        static_cast<std::size_t>(std::ranges::find(state->columns, static_cast<int>(column)) - state->columns.begin()));
  duckdb_init_set_max_threads(info, std::max(1U, std::thread::hardware_concurrency()));
  duckdb_init_set_init_data(info, state.release(), &destroy<ScanState>);
}

void start_thread(duckdb_init_info info) { duckdb_init_set_init_data(info, new LocalState, &destroy<LocalState>); }

/// Makes sure of rows for this thread: false at the end.
Result<bool> advance(ScanState& state, LocalState& local) {
  if (!local.reader) {
    WARDIAN_ASSIGN(local.reader, Reader::open(state.bound->database, state.bound->path, state.columns));
    // A stream is read by whoever comes first.
    local.idle = !local.reader->file->batch_count() && state.stream_taken.exchange(true);
  }
  Reader& reader = *local.reader;
  while (!local.idle && reader.next == reader.rows) {
    WARDIAN_ASSIGN(const std::optional<std::uint64_t> rows, reader.file->load(state.next_batch.fetch_add(1)));
    reader.rows = rows.value_or(0);
    reader.next = 0;
    local.idle = !rows;
  }
  return !local.idle;
}

Status fill(ScanState& state, LocalState& local, duckdb_data_chunk output) {
  WARDIAN_ASSIGN(const bool more, advance(state, local));
  if (!more) {
    duckdb_data_chunk_set_size(output, 0);
    return {};
  }
  Reader& reader = *local.reader;
  const std::uint64_t rows = std::min<std::uint64_t>(duckdb_vector_size(), reader.rows - reader.next);
  WARDIAN_ASSIGN(const OwnedChunk chunk, reader.conversion->chunk(*reader.file, reader.next, rows));
  reader.next += rows;
  // Copied, not referenced: the engine's vectors would share one owner, which the first of them alone keeps alive.
  const OwnedSelection all(duckdb_create_selection_vector(rows));
  std::iota(duckdb_selection_vector_get_data_ptr(all.get()), duckdb_selection_vector_get_data_ptr(all.get()) + rows, sel_t{0});
  for (std::size_t i = 0; i < state.positions.size(); ++i) {
    if (state.positions[i] >= state.columns.size()) continue;
    duckdb_vector_copy_sel(duckdb_data_chunk_get_vector(chunk.get(), state.positions[i]), duckdb_data_chunk_get_vector(output, i),
                           all.get(), rows, 0, 0);
  }
  duckdb_data_chunk_set_size(output, rows);
  return {};
}

void scan(duckdb_function_info info, duckdb_data_chunk output) {
  auto& state = *static_cast<ScanState*>(duckdb_function_get_init_data(info));
  auto& local = *static_cast<LocalState*>(duckdb_function_get_local_init_data(info));
  if (const Status filled = fill(state, local, output); !filled.ok())
    duckdb_function_set_error(info, unreadable(state.bound->path, filled.error()).c_str());
}

}  // namespace

Status register_arrow_scan(duckdb_database database, duckdb_connection connection) {
  // The database outlives every function of its own.
  return register_table_function(connection, {"wardian_arrow", "Arrow files", &bind, &start, &start_thread, &scan, database});
}

}  // namespace wardian::engine

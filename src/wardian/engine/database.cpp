#include "wardian/engine/database.h"

#include <unistd.h>

#include <thread>

#include "wardian/engine/arrow_scan.h"
#include "wardian/engine/connection_handle.h"
#include "wardian/engine/error_mapping.h"
#include "wardian/engine/frame_registration.h"
#include "wardian/engine/handles.h"
#include "wardian/engine/kernel_registration.h"

namespace wardian::engine {

namespace fs = std::filesystem;

namespace {

/// For the few statements made here; plans are printed by sqltree.
std::string in_quotes(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

std::uint64_t half_of_memory_bytes() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGE_SIZE)) / 2;
}

}  // namespace

class Database::Handle {
 public:
  Handle(SpillFolder folder, OwnedDatabase owned, std::uint64_t bytes)
      : spill(std::move(folder)), database(std::move(owned)), memory_bytes_max(bytes) {}
  SpillFolder spill;  // outlives the engine, which removes its own files from it when it closes
  OwnedDatabase database;
  std::uint64_t memory_bytes_max;
};

Database::Database(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Database::Database(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const DatabaseSettings& settings) {
  WARDIAN_ASSIGN(SpillFolder spill, SpillFolder::create());
  OwnedConfig config;
  duckdb_create_config(config.out());
  const std::uint64_t memory_bytes = settings.memory_bytes_max != 0 ? settings.memory_bytes_max : half_of_memory_bytes();
  const unsigned threads = settings.threads != 0 ? settings.threads : std::max(1U, std::thread::hardware_concurrency());
  const std::pair<const char*, std::string> options[] = {
      {"autoinstall_known_extensions", "false"},
      {"autoload_known_extensions", "false"},
      {"allow_community_extensions", "false"},
      {"temp_directory", (spill.path() / "engine").string()},
      {"memory_limit", std::to_string(memory_bytes) + "B"},
      {"threads", std::to_string(threads)},
  };
  for (const auto& [name, value] : options) {
    if (duckdb_set_config(config.get(), name, value.c_str()) != DuckDBSuccess)
      return Error{ErrorCode::internal, "The engine does not know its setting " + std::string(name), {}, {}};
  }
  OwnedDatabase database;
  char* message = nullptr;
  if (duckdb_open_ext(nullptr, database.out(), config.get(), &message) != DuckDBSuccess) {
    Error error = map_error(DUCKDB_ERROR_IO, message == nullptr ? "" : message);
    duckdb_free(message);
    return error;
  }
  Database opened(std::make_unique<Handle>(std::move(spill), std::move(database), memory_bytes));
  WARDIAN_ASSIGN(Connection connection, opened.connect());
  WARDIAN_TRY(connection.execute("SET GLOBAL TimeZone = 'UTC'"));
  WARDIAN_TRY(register_frame_scan(connection.handle().connection.get()));
  WARDIAN_TRY(register_frame_export(connection.handle().connection.get()));
  WARDIAN_TRY(register_kernels(connection.handle().connection.get()));
  WARDIAN_TRY(register_arrow_scan(opened.handle_->database.get(), connection.handle().connection.get()));
  return opened;
}

const fs::path& Database::spill_folder() const { return handle_->spill.path(); }

std::uint64_t Database::memory_bytes_max() const { return handle_->memory_bytes_max; }

Result<Connection> Database::connect() {
  OwnedConnection connection;
  if (duckdb_connect(handle_->database.get(), connection.out()) != DuckDBSuccess)
    return Error{ErrorCode::internal, "The engine gives no connection", {}, {}};
  return Connection(std::make_unique<Connection::Handle>(std::move(connection)));
}

Status Database::attach(const fs::path& file, const std::string& name, AttachMode mode) {
  WARDIAN_ASSIGN(Connection connection, connect());
  const std::string sql = "ATTACH " + in_quotes(file.string(), '\'') + " AS " + in_quotes(name, '"') +
                          (mode == AttachMode::read_only ? " (READ_ONLY)" : "");
  const Status attached = connection.execute(sql);
  if (attached.ok() || attached.error().code == ErrorCode::database_busy) return attached;
  Error error = attached.error();
  if (error.code != ErrorCode::disk_full && error.code != ErrorCode::access_denied) error.code = ErrorCode::bad_database;
  error.hint = {};
  return error;
}

Status Database::detach(const std::string& name) {
  WARDIAN_ASSIGN(Connection connection, connect());
  return connection.execute("DETACH " + in_quotes(name, '"'));
}

Status Database::seal(std::span<const fs::path> allowed) {
  WARDIAN_ASSIGN(Connection connection, connect());
  std::string files, folders;
  for (const fs::path& path : allowed) {
    std::error_code ignored;
    std::string& list = fs::is_directory(path, ignored) ? folders : files;
    list += (list.empty() ? "" : ", ") + in_quotes(path.string(), '\'');
  }
  if (!files.empty()) WARDIAN_TRY(connection.execute("SET GLOBAL allowed_paths = [" + files + "]"));
  if (!folders.empty()) WARDIAN_TRY(connection.execute("SET GLOBAL allowed_directories = [" + folders + "]"));
  // This one, and what it allows, can be turned off but never on again.
  return connection.execute("SET GLOBAL enable_external_access = false");
}

void Database::leave() {
  { const SpillFolder removed = std::move(handle_->spill); }
  static_cast<void>(handle_.release());
}

}  // namespace wardian::engine

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "wardian/engine/connection.h"
#include "wardian/engine/spill_folder.h"

namespace wardian::engine {

struct DatabaseSettings {
  std::uint64_t memory_bytes_max = 0;  // 0: half of the machine's memory; beyond it the engine spills, then fails
  unsigned threads = 0;                // 0: one a core
};

enum class AttachMode : std::uint8_t { read_only, read_write };

/// One embedded engine: a database in memory, to which files can be attached. Extensions are never fetched, the time
/// zone is UTC, what does not fit into memory spills to a folder of this process. Thread-safe.
class Database {
 public:
  /// For `open` alone.
  class Handle;
  explicit Database(std::unique_ptr<Handle> handle);
  Database(Database&&) noexcept;
  ~Database();

  static Result<Database> open(const DatabaseSettings& settings);

  Result<Connection> connect();

  /// Where this engine's temporary files lie.
  const std::filesystem::path& spill_folder() const;
  /// What it may take before it spills.
  std::uint64_t memory_bytes_max() const;

  /// Makes the DuckDB file readable as database `name`; read_write makes it when there is none. Errors: database_busy
  /// when another process has it open in a way that excludes this one, bad_database when it is no such file.
  Status attach(const std::filesystem::path& file, const std::string& name, AttachMode mode);
  Status detach(const std::string& name);

  /// From here on no statement can reach any file but those attached and those allowed (a folder allows all within).
  /// Cannot be undone: a second line of defence, since users never write the engine's own SQL.
  Status seal(std::span<const std::filesystem::path> allowed);

  /// The process ends next: removes the temporary files and leaves the engine, its memory and its threads to the kernel, which needs a
  /// fraction of the time. Only while nothing runs; afterwards nothing may be called but the destructor, and exit(3) neither.
  void leave();

 private:
  std::unique_ptr<Handle> handle_;
};

}  // namespace wardian::engine

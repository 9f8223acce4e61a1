#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/process/memory_file.h"

namespace wardian::catalog {

/// What is known of a blob that a database folder keeps.
struct KeptBlob {
  std::string name;
  std::string type;  // media type, as it was kept
  std::uint64_t bytes = 0;
  std::string sha256;    // of its content, 64 hexadecimal digits
  std::string created;   // "2026-11-28T09:30:00Z"
  std::string database;  // of the query that left it
};

/// A kept blob with its content: a sealed copy of its file, in which the content starts at `offset`.
struct OpenedBlob {
  KeptBlob about;
  process::MemoryFile file;
  process::Mapping mapping;
  std::uint64_t offset = 0;

  std::string_view content() const;
};

/// Named bytes beside the databases of a folder: one file each in `FOLDER/blobs/`, a line of format, a line of JSON that says what it is,
/// then the content. A file is there whole or not at all, so readers, writers and a `kill -9` need no lock; of two writers the last one
/// wins. Nothing here opens what a blob holds.
class BlobStore {
 public:
  explicit BlobStore(const std::filesystem::path& database_folder) : folder_(database_folder / "blobs") {}

  /// Keeps the content under the name, in the place of what was kept under it. It is on the disk when this returns.
  /// Errors: disk_full, io.
  Status keep(std::string_view name, std::string_view content, std::string_view type, std::string_view database) const;

  /// nullopt where none has that name. Errors: bad_file for a file that is not what was kept, io.
  Result<std::optional<OpenedBlob>> find(std::string_view name) const;

  /// All of them by name. What cannot be read as a blob is told in `damaged`. Error: io.
  Result<std::vector<KeptBlob>> list(std::vector<Error>& damaged) const;

  /// False where none has that name. Error: io.
  Result<bool> remove(std::string_view name) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace wardian::catalog

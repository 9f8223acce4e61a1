#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "wardian/base/result.h"

// Arrow's C data interface; defined in its header arrow/c/abi.h.
struct ArrowSchema;
struct ArrowArray;

namespace wardian::columnar {

/// An Arrow IPC file (also Feather 2) or stream on disk, read by Arrow's own library. One thread at a time.
class ArrowFile {
 public:
  virtual ~ArrowFile() = default;

  /// Its columns, as a struct; the caller releases it.
  virtual Status describe(ArrowSchema* schema) const = 0;
  /// What its metadata says under a key; empty where it says nothing.
  virtual std::string metadata(const std::string& key) const = 0;
  /// Places of the columns that are durations in nanoseconds. They are given as int64, since the engine's intervals are cut to
  /// microseconds.
  virtual std::vector<std::size_t> nanosecond_durations() const = 0;
  /// nullopt for a stream, which tells only at its end.
  virtual std::optional<std::uint64_t> batch_count() const = 0;

  /// Reads a record batch and checks it in full; its rows, or nullopt behind the last. A stream gives its batches in turn only.
  virtual Result<std::optional<std::uint64_t>> load(std::uint64_t batch) = 0;
  /// Rows of the batch last loaded, as a struct that the caller releases; it keeps what it shows alive. None before the first.
  virtual Status slice(std::uint64_t begin, std::uint64_t rows, ArrowArray* array) const = 0;
};

/// Opens the file for the columns of these positions, or all when none is named. Errors: bad_file, not_supported where Arrow's
/// library cannot be loaded.
Result<std::unique_ptr<ArrowFile>> open_arrow_file(const std::string& path, const std::vector<int>& columns);

/// How the module that links Arrow is entered: it is loaded with the first file, because Arrow's library alone takes longer to
/// load than most queries run.
using OpenArrowFile = void (*)(const std::string& path, const std::vector<int>& columns,
                               Result<std::unique_ptr<ArrowFile>>& opened);
inline constexpr const char* kArrowModule = "libwardian_arrow.so";
inline constexpr const char* kOpenArrowFileName = "wardian_open_arrow_file";

}  // namespace wardian::columnar

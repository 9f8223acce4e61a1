#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/process/memory_file.h"

/// What scripts leave beside their frames. All of it is untrusted: names and sizes are checked here, contents are told apart by
/// their bytes and never opened.
namespace wardian::pyrun {

/// The same bounds as in python/wardian/_inside/extras.py.
inline constexpr std::size_t kExtrasMax = 1000;  // of one call
inline constexpr std::size_t kExtraNameBytesMax = 255;

/// A memory file that nobody can change any more, and the map of it.
struct SealedBytes {
  process::MemoryFile file;
  process::Mapping mapping;

  /// A sealed copy. Error: io.
  static Result<std::shared_ptr<const SealedBytes>> copy_of(std::string_view bytes);
};

enum class ExtraKind : std::uint8_t { picture, page, file, blob };
/// "picture", "page", "file", "blob".
std::string_view extra_kind_name(ExtraKind kind);

/// A blob's media type where a script pickled it; the pickle is opened in sandboxes only.
inline constexpr std::string_view kPickleType = "application/x-python-pickle";

/// One output. `name` is sound (see sound_extra_name); files of sub-folders keep them: "fold/1.csv".
struct Extra {
  std::string name;
  ExtraKind kind = ExtraKind::file;
  std::string_view type;  // media type, of those that extras.cpp names
  std::shared_ptr<const SealedBytes> held;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;

  std::string_view content() const;
  bool pickled() const { return type == kPickleType; }
};

/// Text that may be shown and be a path below any folder: UTF-8 without controls, at most kExtraNameBytesMax bytes, no part of it
/// empty or beginning with a dot. A blob's has one part only.
bool sound_extra_name(std::string_view name, bool one_part);

/// What a dead child left in its output of extras: contents, then `index_bytes` of index.
/// Errors: bad_result for an index that is none, or names that no output may have; output_limit for too many.
Result<std::vector<Extra>> read_extras(std::shared_ptr<const SealedBytes> held, std::uint64_t index_bytes);

/// The names of one request's outputs. Blobs, which are referred to by theirs, and all others are two sets.
class UniqueExtraNames {
 public:
  /// Sees to it that no other has the output's name: a second plot.png becomes plot-2.png.
  void take(Extra& extra);

 private:
  std::set<std::string, std::less<>> blobs_;
  std::set<std::string, std::less<>> others_;
};

}  // namespace wardian::pyrun

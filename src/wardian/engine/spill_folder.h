#pragma once

#include <filesystem>

#include "wardian/base/result.h"

namespace wardian::engine {

/// A folder of this process for what does not fit into memory: $TMPDIR/wardian-<uid>/<pid>-<start time>.<n> (or
/// wardian-<uid>-1 and so on, where a stranger holds that name). Made at once, private to the user, removed by the destructor, with the
/// last of them their common folder too.
class SpillFolder {
 public:
  /// Also removes the folders of processes that ended without removing theirs.
  static Result<SpillFolder> create();
  SpillFolder(SpillFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  SpillFolder& operator=(SpillFolder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  ~SpillFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit SpillFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

/// Removes the spill folders below `base` whose processes no longer live. Never fails: what cannot be removed stays.
void remove_abandoned_spill(const std::filesystem::path& base);

}  // namespace wardian::engine

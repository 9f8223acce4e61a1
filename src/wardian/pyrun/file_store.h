#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "wardian/base/result.h"
#include "wardian/process/cancel_token.h"
#include "wardian/sandbox/shown_files.h"

namespace wardian::pyrun {

/// A file that scripts can be shown, finished: its bytes never change. Gone from the disk with its last holder.
class StoredFile {
 public:
  StoredFile(std::filesystem::path path, std::string hash, std::uint64_t bytes)
      : path_(std::move(path)), hash_(std::move(hash)), bytes_(bytes) {}
  StoredFile(const StoredFile&) = delete;
  StoredFile& operator=(const StoredFile&) = delete;
  ~StoredFile();

  /// On this machine, for the engine to read or link.
  const std::filesystem::path& path() const { return path_; }
  /// SHA-256, in hexadecimal.
  const std::string& hash() const { return hash_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::filesystem::path path_;
  std::string hash_;
  std::uint64_t bytes_;
};
using StoredFilePtr = std::shared_ptr<const StoredFile>;

/// Within what a file is taken in.
struct StoreLimits {
  std::uint64_t bytes_max = std::uint64_t{4} << 30;  // of one file, and of what is kept for later calls altogether
  std::optional<std::chrono::steady_clock::time_point> deadline = {};
  const process::CancelToken* cancel = nullptr;
};

/// Files for scripts, on disk, each content once: whoever puts in bytes that are there already gets the file that is there. The files
/// used last are kept for calls to come; those that calls hold are there in any case. Thread-safe.
class FileStore {
 public:
  /// Where the files lie, asked when the first one comes: a pool's `shown_files`.
  using Place = std::function<Result<std::shared_ptr<const sandbox::ShownFiles>>()>;
  explicit FileStore(Place place) : place_(std::move(place)) {}

  /// Writes up to so many bytes of what is to be stored; 0 at its end.
  using Read = std::function<Result<std::size_t>(std::span<std::byte>)>;

  /// `what` names the file in errors. Errors: those of `read`, result_too_large, timeout, cancelled, disk_full, io, and those of the place.
  Result<StoredFilePtr> put(const std::string& what, const Read& read, const StoreLimits& limits);
  /// Likewise, of bytes at hand.
  Result<StoredFilePtr> put(const std::string& what, std::string_view bytes, const StoreLimits& limits);

  /// Says that the file was used just now, so that it is kept longer than others.
  void touch(const StoredFilePtr& file, std::uint64_t bytes_max);

  /// Shows files to one call.
  struct Shown {
    std::string name;
    StoredFilePtr file;
  };
  Result<sandbox::ShownCall> show(std::span<const Shown> files) const;

 private:
  Result<StoredFilePtr> write(const std::string& what, const Read& read, const StoreLimits& limits,
                              const std::filesystem::path& path);
  /// False when nothing was kept.
  bool let_all_go();
  /// Keeps the last used within so many bytes; those that fall out are returned, to be let go without the lock.
  std::list<StoredFilePtr> keep(const StoredFilePtr& file, std::uint64_t bytes_max);

  Place place_;
  mutable std::mutex mutex_;
  std::uint64_t next_ = 0;
  std::unordered_map<std::string, std::weak_ptr<const StoredFile>> by_hash_;
  std::list<StoredFilePtr> kept_;  // the last used first
};

}  // namespace wardian::pyrun

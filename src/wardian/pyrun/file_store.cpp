#include "wardian/pyrun/file_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "wardian/kernels/content_hash.h"
#include "wardian/process/system_error.h"
#include "wardian/process/write_all.h"

namespace wardian::pyrun {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr std::size_t kFilesKeptMax = 4096;

Error cannot_store(const std::string& what, const fs::path& path, int number) {
  Error error = process::file_error("Cannot store " + what + " for the script in " + path.parent_path().string(), number);
  error.hint = "Point TMPDIR at a folder with space.";
  return error;
}

}  // namespace

StoredFile::~StoredFile() { ::unlink(path_.c_str()); }

Result<StoredFilePtr> FileStore::put(const std::string& what, const Read& read, const StoreLimits& limits) {
  WARDIAN_ASSIGN(const std::shared_ptr<const sandbox::ShownFiles> place, place_());
  fs::path path;
  {
    const std::scoped_lock lock(mutex_);
    path = place->kept_part() / std::to_string(next_++);
  }
  WARDIAN_ASSIGN(StoredFilePtr file, write(what, read, limits, path));
  std::list<StoredFilePtr> let_go;
  {
    const std::scoped_lock lock(mutex_);
    std::erase_if(by_hash_, [](const auto& one) { return one.second.expired(); });
    std::weak_ptr<const StoredFile>& same = by_hash_[file->hash()];
    if (StoredFilePtr there = same.lock(); there != nullptr) {
      let_go.push_back(std::exchange(file, std::move(there)));
    } else {
      same = file;
    }
    let_go.splice(let_go.end(), keep(file, limits.bytes_max));
  }
  return file;
}

Result<StoredFilePtr> FileStore::put(const std::string& what, std::string_view bytes, const StoreLimits& limits) {
  return put(
      what,
      [&](std::span<std::byte> into) -> Result<std::size_t> {
        const std::size_t size = std::min(into.size(), bytes.size());
        std::memcpy(into.data(), bytes.data(), size);
        bytes.remove_prefix(size);
        return size;
      },
      limits);
}

Result<StoredFilePtr> FileStore::write(const std::string& what, const Read& read, const StoreLimits& limits,
                                       const fs::path& path) {
  UniqueFd out(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!out) return cannot_store(what, path, errno);
  struct Unfinished {
    const fs::path* path;
    ~Unfinished() {
      if (path != nullptr) ::unlink(path->c_str());
    }
  } unfinished{&path};
  kernels::ContentHash hash;
  std::uint64_t total = 0;
  std::vector<std::byte> block(kBlockBytes);
  for (;;) {
    WARDIAN_TRY(process::may_go_on(limits.cancel, limits.deadline, "while " + what + " was read"));
    WARDIAN_ASSIGN(const std::size_t got, read(block));
    if (got == 0) break;
    std::span<const std::byte> bytes = std::span(block).first(got);
    total += got;
    if (total > limits.bytes_max)
      return Error{.code = ErrorCode::result_too_large,
                   .message = what + " is too large for a script; the limit is " + std::to_string(limits.bytes_max) + " bytes",
                   .hint = "--artifact-cache sets how much files for scripts may take."};
    hash.add(bytes);
    int failed = process::write_all(out.get(), bytes);
    // What is kept for later calls makes room for this one.
    if (failed == ENOSPC && let_all_go()) failed = process::write_all(out.get(), bytes);
    if (failed != 0) return cannot_store(what, path, failed);
  }
  // Read by every user that a child may be; written by nobody any more.
  if (::fchmod(out.get(), 0444) != 0) return cannot_store(what, path, errno);
  out.reset();
  unfinished.path = nullptr;
  return StoredFilePtr(std::make_shared<const StoredFile>(path, hash.take(), total));
}

bool FileStore::let_all_go() {
  std::list<StoredFilePtr> let_go;
  const std::scoped_lock lock(mutex_);
  let_go.swap(kept_);
  return !let_go.empty();
}

void FileStore::touch(const StoredFilePtr& file, std::uint64_t bytes_max) {
  std::list<StoredFilePtr> let_go;
  const std::scoped_lock lock(mutex_);
  let_go = keep(file, bytes_max);
}

std::list<StoredFilePtr> FileStore::keep(const StoredFilePtr& file, std::uint64_t bytes_max) {
  std::list<StoredFilePtr> let_go;
  if (const auto at = std::ranges::find(kept_, file); at != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, at);
  } else {
    kept_.push_front(file);
  }
  std::uint64_t total = 0;
  std::size_t count = 0;
  for (auto at = kept_.begin(); at != kept_.end();) {
    total += (*at)->bytes();
    const auto next = std::next(at);
    if (total > bytes_max || ++count > kFilesKeptMax) let_go.splice(let_go.end(), kept_, at);
    at = next;
  }
  return let_go;
}

Result<sandbox::ShownCall> FileStore::show(std::span<const Shown> files) const {
  WARDIAN_ASSIGN(const std::shared_ptr<const sandbox::ShownFiles> place, place_());
  std::vector<sandbox::ShownFiles::File> shown;
  for (const Shown& one : files) shown.push_back({one.name, one.file->path()});
  return place->show(shown);
}

}  // namespace wardian::pyrun

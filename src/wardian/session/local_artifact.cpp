#include "wardian/session/local_artifact.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <cerrno>

#include "wardian/process/beneath.h"
#include "wardian/process/system_error.h"

namespace wardian::session {
namespace {

namespace fs = std::filesystem;

// A file that changed so lately may change again without a new time: the kernel's clock for files ticks in milliseconds, a server's in seconds.
constexpr std::int64_t kSettledAfter_ns = 2'000'000'000;

std::int64_t nanoseconds(const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

std::string identity_of(const struct stat& status) {
  std::string text = "file";
  for (const std::int64_t part :
       {static_cast<std::int64_t>(status.st_dev), static_cast<std::int64_t>(status.st_ino),
        static_cast<std::int64_t>(status.st_size), nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)})
    text += ":" + std::to_string(part);
  return text;
}

class LocalArtifact final : public ArtifactSource {
 public:
  LocalArtifact(UniqueFd file, std::string path, const struct stat& status)
      : file_(std::move(file)),
        path_(std::move(path)),
        state_(identity_of(status)),
        bytes_(static_cast<std::uint64_t>(status.st_size)) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    if (nanoseconds(now) - nanoseconds(status.st_ctim) > kSettledAfter_ns) identity_ = state_;
  }

  const std::optional<std::string>& identity() const override { return identity_; }
  std::optional<std::uint64_t> bytes() const override { return bytes_; }
  Result<std::size_t> read(std::span<std::byte> into) override {
    ssize_t got = 0;
    do {
      got = ::read(file_.get(), into.data(), into.size());
    } while (got < 0 && errno == EINTR);
    if (got < 0) return process::system_error(ErrorCode::bad_file, "Cannot read " + path_, errno);
    return static_cast<std::size_t>(got);
  }
  Result<bool> unchanged() const override {
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0) return process::system_error(ErrorCode::bad_file, "Cannot read " + path_, errno);
    return identity_of(status) == state_;
  }

 private:
  UniqueFd file_;
  std::string path_;
  std::string state_;
  std::optional<std::string> identity_;
  std::uint64_t bytes_;
};

Error denied(const std::string& path) {
  return {ErrorCode::access_denied,
          "No artifact may come from there: " + path,
          {},
          "--allow-artifacts FOLDER allows the files below a folder; links and .. may not lead out of it."};
}

Error cannot_open(const std::string& path, int number) {
  const ErrorCode code = number == ENOENT || number == ENOTDIR ? ErrorCode::file_not_found
                         : number == EACCES || number == EPERM ? ErrorCode::access_denied
                                                               : ErrorCode::bad_file;
  return process::system_error(code, "Cannot read " + path, number);
}

/// What is left of `path` below `folder`; empty when it does not lie there.
fs::path below(const fs::path& path, const fs::path& folder) {
  const auto [folder_end, path_end] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  fs::path rest;
  if (folder_end == folder.end())
    for (auto part = path_end; part != path.end(); ++part) rest /= *part;
  return rest;
}

/// A place that was found, not yet opened for reading.
struct Found {
  UniqueFd place;
  int failed = ENOENT;  // why not
};

Found find(const fs::path& path, const ArtifactPolicy& policy) {
  Found found;
  bool looked = false;
  for (const AllowedFolder& folder : policy.folders) {
    fs::path rest = path;
    if (path.is_absolute()) {
      rest = below(path, folder.given);
      if (rest.empty()) rest = below(path, folder.real);
      if (rest.empty()) continue;
    }
    looked = true;
    found.place = process::open_beneath(folder.handle->get(), rest);
    if (found.place) return found;
    found.failed = errno;
    if (found.failed != ENOENT && found.failed != ENOTDIR && !policy.any_file) return found;
  }
  if (policy.any_file) {
    found.place = UniqueFd(::open(path.c_str(), O_PATH | O_CLOEXEC));
    found.failed = found.place ? 0 : errno;
  } else if (!looked) {
    found.failed = EXDEV;
  }
  return found;
}

}  // namespace

Status check_local_artifact(std::string_view text, const ArtifactPolicy& policy) {
  const fs::path path(text);
  if (policy.any_file || (path.is_relative() && !policy.folders.empty())) return {};
  const bool inside = std::ranges::any_of(policy.folders, [&](const AllowedFolder& folder) {
    return !below(path, folder.given).empty() || !below(path, folder.real).empty();
  });
  return inside ? Status() : denied(path.string());
}

Result<std::unique_ptr<ArtifactSource>> open_local_artifact(std::string_view text, const ArtifactPolicy& policy,
                                                            const FetchLimits&) {
  const fs::path path(text);
  const Found found = find(path, policy);
  if (found.failed == EXDEV || found.failed == ELOOP) return denied(path.string());
  if (!found.place) return cannot_open(path.string(), found.failed);
  // Looked at before it is opened: opening alone makes some devices act.
  struct stat status {};
  if (::fstat(found.place.get(), &status) != 0) return cannot_open(path.string(), errno);
  if (!S_ISREG(status.st_mode))
    return Error{ErrorCode::bad_file,
                 "Cannot read " + path.string() + ": it is no ordinary file",
                 {},
                 "Name a file, not a folder, pipe or device."};
  UniqueFd file(
      ::open(("/proc/self/fd/" + std::to_string(found.place.get())).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return cannot_open(path.string(), errno);
  if (::fstat(file.get(), &status) != 0) return cannot_open(path.string(), errno);
  return std::unique_ptr<ArtifactSource>(std::make_unique<LocalArtifact>(std::move(file), path.string(), status));
}

}  // namespace wardian::session

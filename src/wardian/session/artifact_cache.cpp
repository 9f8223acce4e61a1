#include "wardian/session/artifact_cache.h"

namespace wardian::session {
namespace {

constexpr int kTriesMax = 3;
// Who waits looks so often whether it may still wait.
constexpr std::chrono::milliseconds kLookEvery{10};

Error too_large(std::string_view what, std::uint64_t bytes_max) {
  return {ErrorCode::result_too_large,
          std::string(what) + "; the limit is " + std::to_string(bytes_max) + " bytes",
          {},
          "--artifact-cache sets it."};
}

Result<pyrun::StoredFilePtr> read_whole(std::string_view location, ArtifactSource& source, const FetchLimits& limits,
                                        pyrun::FileStore& store) {
  if (source.bytes().value_or(0) > limits.bytes_max)
    return too_large("The artifact " + std::string(location) + " has " + std::to_string(*source.bytes()) + " bytes",
                     limits.bytes_max);
  return store.put(std::string(location), [&](std::span<std::byte> into) { return source.read(into); },
                   {.bytes_max = limits.bytes_max, .deadline = limits.deadline, .cancel = limits.cancel});
}

}  // namespace

Result<pyrun::StoredFilePtr> ArtifactCache::find(const std::string& identity, const FetchLimits& limits) {
  std::unique_lock lock(mutex_);
  for (;;) {
    Known& known = known_[identity];
    if (pyrun::StoredFilePtr file = known.file.lock(); file != nullptr) return file;
    if (!known.being_read) {
      known.being_read = true;
      return pyrun::StoredFilePtr();
    }
    changed_.wait_for(lock, kLookEvery);
    WARDIAN_TRY(process::may_go_on(limits.cancel, limits.deadline, "while another one read its artifact"));
  }
}

void ArtifactCache::settle(const std::string& identity, const pyrun::StoredFilePtr& file) {
  {
    const std::scoped_lock lock(mutex_);
    known_[identity] = {file, false};
    std::erase_if(known_, [](const auto& one) { return !one.second.being_read && one.second.file.expired(); });
  }
  changed_.notify_all();
}

Result<pyrun::StoredFilePtr> ArtifactCache::get(std::string_view location, const ArtifactPolicy& policy,
                                                const FetchLimits& limits, pyrun::FileStore& store) {
  for (int tries = 0; tries < kTriesMax; ++tries) {
    WARDIAN_ASSIGN(const std::unique_ptr<ArtifactSource> source, open_(location, policy, limits));
    if (source->identity()) {
      WARDIAN_ASSIGN(pyrun::StoredFilePtr file, find(*source->identity(), limits));
      if (file != nullptr) {
        store.touch(file, limits.bytes_max);
        return file;
      }
    }
    pyrun::StoredFilePtr known;
    // Whatever happens: others wait for it.
    const auto told = [&](void*) {
      if (source->identity()) settle(*source->identity(), known);
    };
    const std::unique_ptr<void, decltype(told)> settled(this, told);
    Result<pyrun::StoredFilePtr> file = read_whole(location, *source, limits, store);
    Result<bool> whole = file.ok() ? source->unchanged() : Result<bool>(false);
    const bool good = whole.ok() && *whole;
    if (good) known = *file;
    if (!file.ok() || good) return file;
    if (!whole.ok()) return std::move(whole).error();
  }
  return Error{ErrorCode::bad_file,
               "The artifact " + std::string(location) + " changes while it is read",
               {},
               "Write another file and rename it to this name when it is done."};
}

Result<std::vector<pyrun::FileInput>> fetch_artifacts(std::span<const plan::Artifact> artifacts, const ArtifactPolicy& policy,
                                                      const FetchLimits& limits, ArtifactCache& cache, pyrun::FileStore& store) {
  std::vector<pyrun::FileInput> files;
  std::uint64_t total = 0;
  for (const plan::Artifact& artifact : artifacts) {
    const auto at_its_place = [&](Error error) {
      error.span = artifact.span;
      return error;
    };
    auto file = cache.get(artifact.location, policy, limits, store);
    if (!file.ok()) return at_its_place(std::move(file).error());
    total += (*file)->bytes();
    if (total > limits.bytes_max)
      return at_its_place(
          too_large("The artifacts of one call have more than " + std::to_string(total) + " bytes", limits.bytes_max));
    files.push_back({artifact.name, std::move(*file)});
  }
  return files;
}

}  // namespace wardian::session

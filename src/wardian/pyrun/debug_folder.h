#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"
#include "wardian/pyrun/sent_call.h"

namespace wardian::pyrun {

/// What a call is run with, as its folder names it.
struct DebugOrigin {
  std::string image;              // the image's name
  std::filesystem::path python;   // its interpreter, as one runs it outside of a sandbox
  std::filesystem::path package;  // the Python package `wardian`
};

/// A folder in which Python calls are kept, to be run again by hand: script, input, arguments and a runner. The first call is the
/// folder itself, the n-th its sub-folder n; each can be run, copied and moved alone. docs/debugging.md describes it.
/// Calls appear whole or not at all. The first puts the folder in the place of one that an earlier query left there. Thread-safe.
class DebugFolder {
 public:
  /// `package` is the folder of the Python package `wardian`.
  DebugFolder(std::filesystem::path folder, std::filesystem::path package);
  ~DebugFolder();
  DebugFolder(const DebugFolder&) = delete;
  DebugFolder& operator=(const DebugFolder&) = delete;

  /// Says what stands in the way of writing there, before anything is written. Errors: access_denied where something else than a
  /// folder of this kind is; file_not_found where there is no folder to put it into; io.
  Status check() const;

  /// Keeps a call; past kDebugCallsMax it is counted only. Errors: those of `check`, disk_full, io, cancelled, timeout.
  Status keep(const SentCall& sent, const std::string& image, const std::filesystem::path& python);

  /// Likewise a call that takes batches, each of which is added as the script takes it; it appears when it has ended, in whichever way.
  /// Of one past kDebugCallsMax `stage` is empty.
  struct Begun {
    std::filesystem::path stage;
    std::uint64_t number = 0;
    std::uint64_t batches = 0;
  };
  Result<Begun> begin(const SentCall& sent, const std::string& image, const std::filesystem::path& python);
  Status add_batch(Begun& begun, const std::shared_ptr<const SealedFrame>& batch, const Call& call) const;
  Status finish(const Begun& begun);

  const std::filesystem::path& folder() const { return folder_; }
  std::uint64_t calls_kept() const;
  std::uint64_t calls_left_out() const;
  /// Also true where it could not be kept.
  bool any_begun() const;

  /// Whether a folder is of this kind.
  static bool holds_call(const std::filesystem::path& folder);

 private:
  Result<Begun> begin_locked(const SentCall& sent, const std::string& image, const std::filesystem::path& python);
  Status finish_locked(const Begun& begun);
  /// What went wrong with a call, which is left out then.
  Error given_up(const Begun& begun, Error error) const;
  Status place(const std::filesystem::path& stage, std::uint64_t number);
  Status replace(const std::filesystem::path& stage);
  std::filesystem::path beside(const std::string& ending) const;

  std::filesystem::path folder_;
  std::filesystem::path package_;
  mutable std::mutex mutex_;
  UniqueFd placed_;  // our folder, wherever it was moved to
  std::uint64_t calls_ = 0;
  std::uint64_t kept_ = 0;
};

/// A query may call Python for each of a thousand batches; nobody looks at them all.
inline constexpr std::uint64_t kDebugCallsMax = 64;
inline constexpr std::string_view kDebugCallFile = "call.json";
inline constexpr std::string_view kDebugBatchesFolder = "batches";
/// How call.json begins.
inline constexpr std::string_view kDebugCallStart = "{\"wardian_debug\":1";

}  // namespace wardian::pyrun

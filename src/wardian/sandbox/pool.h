#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/process/cancel_token.h"
#include "wardian/process/memory_folder.h"
#include "wardian/sandbox/console.h"
#include "wardian/sandbox/dialogue.h"
#include "wardian/sandbox/image.h"
#include "wardian/sandbox/level.h"
#include "wardian/sandbox/outcome.h"
#include "wardian/sandbox/policy.h"
#include "wardian/sandbox/shown_files.h"

namespace wardian::sandbox {

/// One run. Descriptors are borrowed until `Pool::run` returns.
struct Call {
  std::span<const std::byte> request;  // at most kRequestBytesMax; what it means is the entry module's affair
  std::vector<int> inputs;             // sealed memory files (process::MemoryFile), refused otherwise
  std::vector<int> outputs;            // empty memory files made by the caller
  std::uint64_t shown_bytes = 0;       // of files that it is shown besides (`Pool::shown_files`), which it may map
  std::vector<int> pipes = {};         // ends of pipes, handed over as they are; for a debugger, no ordinary call has any
  Policy policy;
  std::optional<std::chrono::steady_clock::time_point> deadline;  // of the whole request
  const process::CancelToken* cancel = nullptr;
  /// Called from the thread in `run` as output arrives, raw bytes, also of what is dropped later. Must not throw.
  std::function<void(ConsoleStream, std::string_view)> on_console;
  Dialogue* dialogue = nullptr;  // null: the child has nothing to say but its reply
};

inline constexpr std::size_t kRequestBytesMax = std::size_t{64} << 20;
inline constexpr std::size_t kCallDescriptorsMax = 240;  // inputs and outputs together
inline constexpr std::size_t kCallPipesMax = 2;

struct PoolConfig {
  Image image;
  std::optional<Parts> parts;       // found by `find_parts` when absent
  Policy policy;                    // of the children made ahead of need; a call with other limits has one made to measure
  unsigned ready_count = 4;         // children kept waiting at first
  unsigned ready_count_max = 16;    // and once the pool has served so many calls; nor more than may run at once
  unsigned sandbox_count_max = 16;  // --sandbox-count: runs in flight; beyond, a call waits, then is THROTTLED
  std::chrono::milliseconds throttle_wait_max{2'000};
  std::chrono::milliseconds start_time_max{120'000};  // for the zygote's imports; long, for a busy machine is not a broken one
  std::chrono::milliseconds fork_time_max{30'000};    // for its answer to an order; then it is taken for hung and replaced
  Level minimum_level = Level::d;                     // below it nothing runs: SANDBOX_UNAVAILABLE names what is missing
  std::optional<Level> forced_level;   // use this level though the machine offers a better one; for tests and diagnosis
  unsigned zygote_forks_max = 20'000;  // then a fresh zygote takes over: new addresses, new guard values
  std::chrono::milliseconds zygote_time_max{30 * 60 * 1000};  // likewise
  // Likewise after a child that crashed: it may have been somebody's try at guessing addresses, which all siblings share. Not sooner
  // after the launch than this, or crashes would keep a core busy with imports.
  std::chrono::milliseconds zygote_crash_time_min{30'000};
  std::vector<std::filesystem::path> cleanup_paths;  // removed by the launcher once this process is gone, however it went
};

struct PoolStatus {
  Level level = Level::f;
  bool started = false;
  unsigned ready = 0;
  unsigned in_flight = 0;
  std::uint64_t runs_total = 0;
  std::uint64_t zygotes_total = 0;
  std::chrono::microseconds slot_time_last{};  // from asking for a child until it was confined and rehearsed
};

/// Ready one-shot children of one image. Starts at first use; thread-safe; the destructor kills everything and leaves nothing behind.
class Pool {
 public:
  explicit Pool(PoolConfig config);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Starts now rather than at first use, and waits until a child is ready.
  Status start();

  /// Starts in the background; what stands in the way is told to the first call.
  void warm();

  /// Runs one call in a child of its own, which is killed and whose outputs are final before they may be read.
  /// An Error means that nothing ran: sandbox_unavailable, throttled, cancelled, timeout, bad_argument. All else is in the Outcome.
  Result<Outcome> run(const Call& call);

  PoolStatus status() const;

  /// Where large inputs and outputs are best kept: null before the first zygote was launched, and where the machine has no such place.
  std::shared_ptr<const process::MemoryFolder> memory() const;

  /// Where the files of calls are kept and shown; prepares the pool if need be. Errors: as `start`'s, and io where no folder for
  /// them could be made.
  Result<std::shared_ptr<const ShownFiles>> shown_files();
  /// Whether files on disk without a name may be handed to children as sealed inputs: nobody here can open them anew for writing.
  /// Errors: as of `start`, which it may begin.
  Result<bool> guards_files() const;

 private:
  class Keeper;
  std::unique_ptr<Keeper> keeper_;
};

}  // namespace wardian::sandbox

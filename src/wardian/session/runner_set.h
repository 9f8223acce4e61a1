#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "wardian/image/covering.h"
#include "wardian/image/store.h"
#include "wardian/pyrun/runner.h"
#include "wardian/sandbox/pool.h"
#include "wardian/session/artifact_cache.h"

namespace wardian::session {

/// How an instance runs scripts.
struct ScriptSettings {
  /// Pools of the default image: asked once, when the first script is about to run. Other images differ in `image` alone.
  std::function<Result<sandbox::PoolConfig>()> pool;
  std::filesystem::path images = image::Store::default_folder();
  std::chrono::milliseconds idle_time_max{10 * 60 * 1000};  // a pool that no call uses for so long goes, its zygote with it
  std::size_t pools_max = 4;                                // beyond, the one unused for longest goes
};

/// What runs the scripts of one image, and the files that they were shown. The image stays as it is for as long.
struct ImageRunner {
  ImageRunner(std::string name_, std::filesystem::path python_, sandbox::PoolConfig config, image::ImageInUse used_)
      : name(std::move(name_)),
        used(std::move(used_)),
        python(std::move(python_)),
        runner(std::make_shared<sandbox::Pool>(std::move(config))) {}
  std::string name;
  image::ImageInUse used;        // none is held for the default image
  std::filesystem::path python;  // its interpreter, as one runs it outside of a sandbox
  pyrun::Runner runner;
  ArtifactCache artifacts;
};

/// The runners of Python calls, one an image, each with its zygote: made when the first call of that image is about to run, so
/// that a query without Python starts no sandbox. Thread-safe.
class RunnerSet {
 public:
  explicit RunnerSet(ScriptSettings settings);
  ~RunnerSet();

  /// The runner of an image, empty or "default" for the default one. When the image was changed since, the pool of its former
  /// state goes as soon as the calls that use it end. Errors: those of image::Store::use and of settings().pool.
  Result<std::shared_ptr<ImageRunner>> get(const std::string& image);

  const image::Store& store() const { return store_; }
  /// The interpreter of the default image.
  Result<std::filesystem::path> default_python();
  /// What a sandbox must hold at least.
  Result<sandbox::Level> minimum_level();
  /// Whether the default image has all that a script asks for.
  Result<bool> default_covers(const image::InlineMetadata& metadata);

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    std::shared_ptr<ImageRunner> runner;
    Clock::time_point used_at;
  };
  using Entries = std::map<std::string, Entry>;

  Status ask_for_config();  // the lock is held
  void retire_until_stopped();
  /// Moves the pools that are unused for too long, or too many, to those that are to be closed.
  void take_unused(Clock::time_point now);

  ScriptSettings settings_;
  image::Store store_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::optional<sandbox::PoolConfig> config_;
  struct DefaultPackages {
    image::PythonVersion python;
    std::vector<image::Package> packages;
  };
  std::optional<DefaultPackages> default_packages_;  // read when first asked for
  Entries entries_;
  std::vector<Entry> closing_;  // without the lock, which takes a while; by the thread, so that no call waits for it
  std::thread retiring_;
};

}  // namespace wardian::session

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "wardian/base/unique_fd.h"
#include "wardian/image/generation.h"
#include "wardian/image/manifest.h"
#include "wardian/process/cancel_token.h"
#include "wardian/sandbox/image.h"

namespace wardian::image {

/// An image that is there, whole: its description and the folder of the generation that it names.
struct StoredImage {
  Manifest manifest;
  std::filesystem::path folder;

  std::filesystem::path environment() const { return folder / "env"; }
  std::filesystem::path lock_file() const { return folder / "requirements.lock"; }
};

/// The generation of an image that was current when it was asked for.
struct ImageInUse {
  std::string generation;
  sandbox::Image image;
  HeldGeneration held;

  /// Of the environment itself: for its owner, who may run it unconfined.
  std::filesystem::path outside_python() const { return image.environment_folder / "bin" / "python"; }
};

/// The images of one user, shared by all databases: a folder for each, in which `image.json` names the one generation that counts.
/// A generation is written whole before it is named, so that a half-built one is never used; what nobody names any more is removed by
/// whoever used it last, and what a killed process left by whoever changes the image next. Safe for several processes.
class Store {
 public:
  /// $WARDIAN_IMAGES; else /var/lib/wardian/images for root, $XDG_DATA_HOME/wardian/images or ~/.local/share/wardian/images; relative ones count as not given.
  static std::filesystem::path default_folder();

  explicit Store(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Errors: unknown_image, naming a similar one; bad_file.
  Result<Manifest> describe(const std::string& name) const;
  /// Likewise, and its folder must be there.
  Result<StoredImage> find(const std::string& name) const;
  /// Whether there is a folder of images that can be looked into, or none yet. Errors: access_denied, bad_file.
  Status check_readable() const;
  /// By name. One whose description cannot be read is left out.
  std::vector<StoredImage> list() const;
  /// Holds the generation that is current now. Errors: those of find.
  Result<ImageInUse> use(const std::string& name) const;
  /// The current generation's name, empty when there is no such image or nobody can tell: what tells that an image was changed.
  std::string generation(const std::string& name) const;

  /// Takes away an image; generations in use by somebody go with their last user. Errors: unknown_image, image_busy, io.
  Status remove(const std::string& name) const;

 private:
  friend class Change;
  std::filesystem::path folder_;
};

/// The right to change one image, for one process at a time; begun with a new, empty generation, which goes with this object unless it
/// was published.
class Change {
 public:
  /// Waits for another's change until the deadline if `wait`, else fails with image_busy, which names the process. Errors: also io, cancelled.
  struct Patience {
    bool wait = false;
    const process::CancelToken* cancel = nullptr;
    std::optional<std::chrono::steady_clock::time_point> deadline;
  };
  static Result<Change> begin(const Store& store, const std::string& name, const Patience& patience);
  Change(Change&&) noexcept = default;
  Change& operator=(Change&&) = delete;
  ~Change();

  const std::filesystem::path& generation() const { return generation_; }
  /// Makes the generation the image's current one: everything on disk first, then the name. Older ones go, if nobody uses them.
  Status publish(Manifest manifest);

 private:
  Change(std::filesystem::path image, std::filesystem::path generation, UniqueFd lock)
      : image_(std::move(image)), generation_(std::move(generation)), lock_(std::move(lock)) {}
  std::filesystem::path image_;       // the image's folder
  std::filesystem::path generation_;  // empty once published
  UniqueFd lock_;
};

}  // namespace wardian::image

#pragma once

#include <filesystem>
#include <string>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"

namespace wardian::image {

/// An image's folder holds `image.json`, which names the one generation that counts, `lock`, which whoever changes the image holds,
/// and a folder for each generation.
constexpr const char* kManifest = "image.json";
constexpr const char* kLock = "lock";

/// A generation that cannot be removed as long as this lives, in this process or any other. Whoever lets go of it last removes it, if
/// the image has another one by then or none.
class HeldGeneration {
 public:
  HeldGeneration() = default;
  HeldGeneration(HeldGeneration&&) noexcept = default;
  HeldGeneration& operator=(HeldGeneration&& other) noexcept;
  ~HeldGeneration() { release(); }

  /// Not held with errno: ENOENT where it is gone, EWOULDBLOCK where it is just being removed.
  static HeldGeneration take(const std::filesystem::path& folder);
  explicit operator bool() const { return static_cast<bool>(held_); }

 private:
  void release();
  std::filesystem::path folder_;
  UniqueFd held_;
};

/// Whether a name is one that make_generation gives: sixteen hexadecimal digits.
bool is_generation_name(std::string_view name);

/// Whether a folder is an image's, or is not there yet: no link, and nothing in it but what this file and the store put there. Whatever
/// else stands in an image's place is somebody's, and not to be touched. Errors: bad_file.
Status check_is_image(const std::filesystem::path& image);

/// Makes a new, empty one, of a name that none had before: whoever holds an older one tells them apart by it. Empty with errno.
std::filesystem::path make_generation(const std::filesystem::path& image);

/// Of a folder that is an image's: removes what no manifest names, as far as nobody uses it. The caller holds the image's lock.
void remove_old_generations(const std::filesystem::path& image, const std::string& current);

/// Removes the folder of an image that has no name and no generation any more: it would look like an image that was lost. The caller
/// holds the image's lock.
void remove_if_empty(const std::filesystem::path& image);

/// Likewise for all images of a folder that have no name: left by whoever was killed while it made or used one.
void remove_nameless(const std::filesystem::path& images);

}  // namespace wardian::image

#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"

namespace wardian::sandbox {

/// Where children see the files of their calls, below a mount tree of their own; without one they see the host's folder.
inline constexpr const char* kShownFilesFolder = "/wardian-files";

/// The files of one call, under names that its child finds in `folder`; gone with this value.
class ShownCall {
 public:
  ShownCall() = default;
  ShownCall(std::filesystem::path on_host, std::string inside) : on_host_(std::move(on_host)), inside_(std::move(inside)) {}
  ShownCall(ShownCall&& other) noexcept : on_host_(std::exchange(other.on_host_, {})), inside_(std::move(other.inside_)) {}
  ShownCall& operator=(ShownCall&& other) noexcept;
  ~ShownCall();

  /// As the child spells it.
  const std::string& folder() const { return inside_; }

 private:
  std::filesystem::path on_host_;
  std::string inside_;
};

/// Files for calls that take no descriptor and no memory of a child: a folder on the host, of which all children of a pool see one part,
/// read-only (by mount, by Landlock, by mode). They cannot list it, and each call's files lie under a name in it that nobody can guess,
/// for as long as the call runs. Thread-safe; the folder goes with the pool, or is cleaned up after it.
class ShownFiles {
 public:
  /// Makes a folder whose path begins with `prefix`. `for_strangers`: children are another user of the host and reach it by its path.
  static Result<std::shared_ptr<ShownFiles>> make(const std::filesystem::path& prefix, bool for_strangers);
  ~ShownFiles();
  ShownFiles(const ShownFiles&) = delete;
  ShownFiles& operator=(const ShownFiles&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  /// The part that children see.
  std::filesystem::path shown_part() const { return folder_ / "shown"; }
  /// The part that they do not: whoever shows files keeps them here first, finished, with mode 0444.
  std::filesystem::path kept_part() const { return folder_ / "kept"; }

  /// Where children will find the shown part.
  void seen_as(std::string inside) { inside_ = std::move(inside); }

  struct File {
    std::string name;  // a plain file name
    std::filesystem::path kept;
  };
  Result<ShownCall> show(std::span<const File> files) const;

 private:
  explicit ShownFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
  std::string inside_;
  UniqueFd locked_;
};

}  // namespace wardian::sandbox

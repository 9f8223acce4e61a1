#include "wardian/image/generation.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>

#include "wardian/base/hexadecimal.h"
#include "wardian/image/manifest.h"
#include "wardian/process/part_file.h"
#include "wardian/process/system_error.h"
#include "wardian/process/whole_file.h"

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInUse = "in-use";

/// Whole or not at all: nobody uses it while it goes.
void remove_unused(const fs::path& generation) {
  const UniqueFd used(::open((generation / kInUse).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (used && ::flock(used.get(), LOCK_EX | LOCK_NB) != 0) return;
  std::error_code error;
  fs::remove_all(generation, error);
}

/// True only where that is certain: a manifest that cannot be read may name any.
bool is_named_no_more(const fs::path& generation) {
  const fs::path manifest = generation.parent_path() / kManifest;
  const auto text = process::read_whole_file(manifest);
  if (!text.ok()) return ::access(manifest.c_str(), F_OK) != 0 && errno == ENOENT;
  const auto current = decode_manifest(*text, manifest);
  return current.ok() && current->generation != generation.filename();
}

void remove_if_nameless(const fs::path& image) {
  if (::access((image / kManifest).c_str(), F_OK) == 0 || !check_is_image(image).ok()) return;
  const UniqueFd lock(::open((image / kLock).c_str(), O_RDWR | O_CLOEXEC));
  if (!lock || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return;
  std::error_code error;
  if (fs::exists(image / kManifest, error)) return;  // named meanwhile
  remove_old_generations(image, {});
  remove_if_empty(image);
}

}  // namespace

HeldGeneration HeldGeneration::take(const fs::path& folder) {
  HeldGeneration taken;
  taken.held_ = UniqueFd(::open((folder / kInUse).c_str(), O_RDONLY | O_CLOEXEC));
  if (!taken.held_) return taken;
  // One that was removed before the lock was had is locked by nobody, and gone.
  if (::flock(taken.held_.get(), LOCK_SH | LOCK_NB) != 0 || ::access((folder / kInUse).c_str(), F_OK) != 0) {
    const int number = errno;
    taken.held_.reset();
    errno = number;
    return taken;
  }
  taken.folder_ = folder;
  return taken;
}

HeldGeneration& HeldGeneration::operator=(HeldGeneration&& other) noexcept {
  if (this == &other) return *this;
  release();
  folder_ = std::move(other.folder_);
  held_ = std::move(other.held_);
  return *this;
}

void HeldGeneration::release() {
  if (!held_) return;
  held_.reset();
  if (!is_named_no_more(folder_)) return;
  remove_unused(folder_);
  remove_if_nameless(folder_.parent_path());
}

bool is_generation_name(std::string_view name) {
  return name.size() == 16 && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Status check_is_image(const fs::path& image) {
  const auto other = [](const fs::path& path) {
    return Error{ErrorCode::bad_file,
                 "Something else than an image is there: " + path.string(),
                 {},
                 "Choose another name for the image, or put that elsewhere"};
  };
  std::error_code error;
  const fs::file_status there = fs::symlink_status(image, error);
  if (!fs::exists(there)) return {};
  if (!fs::is_directory(there)) return other(image);
  for (const fs::directory_entry& entry : fs::directory_iterator(image, error)) {
    const std::string name = entry.path().filename().string();
    const bool ours = name == kManifest || name == kLock || process::is_part_name(name) ||
                      (is_generation_name(name) && fs::is_directory(entry.symlink_status(error)));
    if (!ours) return other(entry.path());
  }
  if (error) return process::file_error("Cannot look into " + image.string(), error.value());
  return {};
}

fs::path make_generation(const fs::path& image) {
  for (std::random_device random;;) {
    fs::path generation = image / hexadecimal(std::uint64_t{random()} << 32U | random());
    if (::mkdir(generation.c_str(), 0755) != 0) {
      if (errno == EEXIST) continue;
      return {};
    }
    const UniqueFd marker(::open((generation / kInUse).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (marker) return generation;
    const int number = errno;
    ::rmdir(generation.c_str());
    errno = number;
    return {};
  }
}

void remove_old_generations(const fs::path& image, const std::string& current) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(image, error))
    if (is_generation_name(entry.path().filename().native()) && entry.path().filename() != current && !entry.is_symlink(error))
      remove_unused(entry.path());
}

void remove_if_empty(const fs::path& image) {
  std::error_code error;
  if (fs::exists(image / kManifest, error)) return;
  std::vector<fs::path> rest;
  for (const fs::directory_entry& entry : fs::directory_iterator(image, error)) {
    const std::string name = entry.path().filename().string();
    if (name != kLock && !process::is_part_name(name)) return;
    rest.push_back(entry.path());
  }
  for (const fs::path& file : rest) fs::remove(file, error);
  fs::remove(image, error);  // fails where something has come in between
}

void remove_nameless(const fs::path& images) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(images, error)) remove_if_nameless(entry.path());
}

}  // namespace wardian::image

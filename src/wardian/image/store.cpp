#include "wardian/image/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include "wardian/base/similar_name.h"
#include "wardian/image/image_name.h"
#include "wardian/process/system_error.h"

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "image.json";
constexpr const char* kLock = "lock";
constexpr const char* kInUse = "in-use";
constexpr std::chrono::milliseconds kLookEvery{50};

Error io_error(const std::string& what, const fs::path& path, int number) {
  return process::system_error(number == ENOSPC || number == EDQUOT ? ErrorCode::disk_full : ErrorCode::io,
                               what + " " + path.string(), number);
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Status write_durably(const fs::path& file, const std::string& text) {
  const fs::path part = file.string() + ".new";
  UniqueFd fd(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd) return io_error("Cannot write", part, errno);
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t put = ::write(fd.get(), text.data() + done, text.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return io_error("Cannot write", part, put < 0 ? errno : ENOSPC);
    done += static_cast<std::size_t>(put);
  }
  if (::fsync(fd.get()) != 0) return io_error("Cannot write", part, errno);
  if (::rename(part.c_str(), file.c_str()) != 0) return io_error("Cannot replace", file, errno);
  const UniqueFd folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder && ::fsync(folder.get()) != 0) return io_error("Cannot write", file.parent_path(), errno);
  return {};
}

/// Whole or not at all: nobody uses it while it goes. False when somebody does.
bool remove_generation(const fs::path& generation) {
  const UniqueFd used(::open((generation / kInUse).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (used && ::flock(used.get(), LOCK_EX | LOCK_NB) != 0) return false;
  std::error_code error;
  fs::remove_all(generation, error);
  return true;
}

/// Removes what no manifest names, as far as nobody uses it; the caller holds the image's lock.
void collect(const fs::path& image, const std::string& current) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(image, error))
    if (entry.is_directory(error) && entry.path().filename() != current) remove_generation(entry.path());
}

std::string now_text(const char* format) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[40];
  return {text, std::strftime(text, sizeof text, format, &parts)};
}

/// Of whoever holds the lock: it wrote its number there.
Error busy(const std::string& name, const fs::path& lock) {
  std::string holder = read_text(lock);
  holder.erase(std::ranges::find_if_not(holder, [](char c) { return c >= '0' && c <= '9'; }), holder.end());
  return Error{ErrorCode::image_busy,
               "The image is being changed" + (holder.empty() ? std::string() : " by process " + holder) + ": " + name,
               {},
               "Try again when it is done"};
}

}  // namespace

fs::path Store::default_folder() {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
  };
  if (const std::string given = variable("WARDIAN_IMAGES"); !given.empty()) return fs::absolute(given);
  if (::geteuid() == 0) return "/var/lib/wardian/images";
  if (const std::string data = variable("XDG_DATA_HOME"); !data.empty()) return fs::path(data) / "wardian" / "images";
  return fs::path(variable("HOME")) / ".local" / "share" / "wardian" / "images";
}

Result<Manifest> Store::describe(const std::string& name) const {
  WARDIAN_TRY(check_name(name));
  const fs::path file = folder_ / name / kManifest;
  std::error_code error;
  if (!fs::exists(file, error)) {
    const std::vector<StoredImage> known = list();
    std::vector<std::string_view> names;
    for (const StoredImage& one : known) names.push_back(one.manifest.name);
    const std::string near = did_you_mean(name, names);
    return Error{ErrorCode::unknown_image,
                 "There is no image of that name: " + name,
                 {},
                 near.empty() ? "wardian image list shows those that there are; wardian image create makes one" : near};
  }
  return decode_manifest(read_text(file), file);
}

Result<StoredImage> Store::find(const std::string& name) const {
  WARDIAN_ASSIGN(Manifest manifest, describe(name));
  std::error_code error;
  fs::path generation = folder_ / name / manifest.generation;
  if (!fs::exists(generation, error))
    return Error{ErrorCode::bad_file,
                 "The image has lost its folder: " + generation.string(),
                 {},
                 "wardian image update " + name + " makes it anew"};
  return StoredImage{std::move(manifest), std::move(generation)};
}

std::vector<StoredImage> Store::list() const {
  std::vector<StoredImage> images;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
    if (!fs::exists(entry.path() / kManifest, error)) continue;
    if (auto image = find(entry.path().filename().string()); image.ok()) images.push_back(std::move(*image));
  }
  std::ranges::sort(images, {}, [](const StoredImage& image) { return image.manifest.name; });
  return images;
}

std::string Store::generation(const std::string& name) const {
  const auto found = find(name);
  return found.ok() ? found->manifest.generation : "";
}

Result<ImageInUse> Store::use(const std::string& name) const {
  // Between reading the name and taking hold of it the image may change: then it is read again.
  for (int attempt = 0;; ++attempt) {
    WARDIAN_ASSIGN(StoredImage stored, find(name));
    UniqueFd held(::open((stored.folder / kInUse).c_str(), O_RDONLY | O_CLOEXEC));
    if (!held && attempt == 0) continue;
    if (!held) return io_error("Cannot use the image in", stored.folder, errno);
    std::error_code error;
    const bool taken = ::flock(held.get(), LOCK_SH | LOCK_NB) == 0 && fs::exists(stored.folder / kInUse, error);
    if (!taken && attempt < 100) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      continue;
    }
    if (!taken) return busy(name, folder_ / name / kLock);
    ImageInUse used{.generation = stored.manifest.generation, .image = {}, .held = std::move(held)};
    used.image.python = stored.manifest.python;
    used.image.environment_folder = stored.environment();
    return used;
  }
}

Status Store::remove(const std::string& name) const {
  WARDIAN_TRY(check_name(name));
  const fs::path image = folder_ / name;
  const fs::path lock = image / kLock;
  std::error_code error;
  if (!fs::exists(image / kManifest, error)) return find(name).error();
  const UniqueFd held(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!held) return io_error("Cannot change the image in", image, errno);
  if (::flock(held.get(), LOCK_EX | LOCK_NB) != 0) return busy(name, lock);
  // Its name first: from here on nobody begins to use it.
  if (::unlink((image / kManifest).c_str()) != 0) return io_error("Cannot remove", image / kManifest, errno);
  collect(image, {});
  bool empty = true;
  for (const fs::directory_entry& entry : fs::directory_iterator(image, error)) empty = empty && !entry.is_directory(error);
  if (empty) fs::remove_all(image, error);
  return {};
}

Result<Change> Change::begin(const Store& store, const std::string& name, const Patience& patience) {
  WARDIAN_TRY(check_name(name));
  const fs::path image = store.folder_ / name;
  const fs::path lock = image / kLock;
  UniqueFd held;
  while (true) {
    std::error_code error;
    fs::create_directories(image, error);
    if (error) return io_error("Cannot make", image, error.value());
    held = UniqueFd(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!held && errno == ENOENT) continue;  // removed in between
    if (!held) return io_error("Cannot write in", image, errno);
    if (::flock(held.get(), LOCK_EX | LOCK_NB) == 0) {
      struct stat ours {
      }, named{};
      // A lock on a file that has been removed holds nobody off.
      if (::fstat(held.get(), &ours) == 0 && ::stat(lock.c_str(), &named) == 0 && ours.st_ino == named.st_ino) break;
      continue;
    }
    if (!patience.wait) return busy(name, lock);
    if (patience.cancel != nullptr && patience.cancel->cancelled())
      return Error{ErrorCode::cancelled, "The request was cancelled", {}, {}};
    if (patience.deadline && std::chrono::steady_clock::now() >= *patience.deadline)
      return Error{ErrorCode::timeout, "The request's time ran out while its image was being made by another", {}, {}};
    std::this_thread::sleep_for(kLookEvery);
  }
  const std::string number = std::to_string(::getpid()) + "\n";
  if (::ftruncate(held.get(), 0) == 0) (void)!::pwrite(held.get(), number.data(), number.size(), 0);
  collect(image, store.generation(name));
  fs::path generation;
  // Of a name that none had before: whoever holds an older one tells them apart by it.
  for (std::random_device random;;) {
    char suffix[12];
    std::snprintf(suffix, sizeof suffix, "-%08x", static_cast<unsigned>(random()));
    generation = image / (now_text("%Y%m%dT%H%M%SZ") + suffix);
    if (::mkdir(generation.c_str(), 0755) == 0) break;
    if (errno != EEXIST) return io_error("Cannot make", generation, errno);
  }
  const UniqueFd marker(::open((generation / kInUse).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  Change change(image, std::move(generation), std::move(held));
  if (!marker) return io_error("Cannot write in", change.generation_, errno);
  return change;
}

Change::~Change() {
  if (generation_.empty() || !lock_) return;
  std::error_code error;
  fs::remove_all(generation_, error);
  // Where nothing was ever published, nothing stays: an empty folder would look like an image that was lost.
  if (fs::exists(image_ / kManifest, error)) return;
  for (const fs::directory_entry& entry : fs::directory_iterator(image_, error))
    if (entry.is_directory(error)) return;
  fs::remove_all(image_, error);
}

Status Change::publish(Manifest manifest) {
  manifest.generation = generation_.filename().string();
  manifest.name = image_.filename().string();
  manifest.created = now_text("%Y-%m-%dT%H:%M:%SZ");
  const UniqueFd folder(::open(generation_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::syncfs(folder.get()) != 0) return io_error("Cannot write", generation_, errno);
  WARDIAN_TRY(write_durably(image_ / kManifest, encode(manifest) + "\n"));
  generation_.clear();
  collect(image_, manifest.generation);
  return {};
}

}  // namespace wardian::image

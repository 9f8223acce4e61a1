#include "wardian/image/store.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <thread>

#include "wardian/base/similar_name.h"
#include "wardian/base/utc_text.h"
#include "wardian/image/image_name.h"
#include "wardian/process/system_error.h"
#include "wardian/process/whole_file.h"

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLookEvery{50};
constexpr std::chrono::milliseconds kGlanceMax{1000};  // so long nobody holds a lock without his number in it

Error io_error(const std::string& what, const fs::path& path, int number) {
  return process::file_error(what + " " + path.string(), number);
}

/// Of whoever holds the lock: it wrote its number there; empty where it only looks whether something is left to be removed.
std::string holder_of(const fs::path& lock) {
  const auto written = process::read_whole_file(lock);
  std::string holder = written.ok() ? *written : "";
  holder.erase(std::ranges::find_if_not(holder, [](char c) { return c >= '0' && c <= '9'; }), holder.end());
  return holder;
}

Error busy(const std::string& name, const std::string& holder) {
  return Error{ErrorCode::image_busy,
               "The image is being changed" + (holder.empty() ? std::string() : " by process " + holder) + ": " + name,
               {},
               "Try again when it is done"};
}

/// The right to change an image, whose folder is made for it.
Result<UniqueFd> take_lock(const std::string& name, const fs::path& lock, const Change::Patience& patience) {
  const auto glance_end = std::chrono::steady_clock::now() + kGlanceMax;
  while (true) {
    WARDIAN_TRY(check_is_image(lock.parent_path()));
    std::error_code error;
    fs::create_directories(lock.parent_path(), error);
    if (error) return io_error("Cannot make", lock.parent_path(), error.value());
    UniqueFd held(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!held && errno == ENOENT) continue;  // removed in between
    if (!held) return io_error("Cannot write in", lock.parent_path(), errno);
    if (::flock(held.get(), LOCK_EX | LOCK_NB) == 0) {
      struct stat ours {
      }, named{};
      // A lock on a file that has been removed holds nobody off.
      if (::fstat(held.get(), &ours) == 0 && ::stat(lock.c_str(), &named) == 0 && ours.st_ino == named.st_ino) return held;
      continue;
    }
    const std::string holder = holder_of(lock);
    if (!patience.wait && (!holder.empty() || std::chrono::steady_clock::now() >= glance_end)) return busy(name, holder);
    WARDIAN_TRY(process::may_go_on(patience.cancel, patience.deadline, "while its image was being made by another"));
    std::this_thread::sleep_for(kLookEvery);
  }
}

}  // namespace

fs::path Store::default_folder() {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
  };
  if (const std::string given = variable("WARDIAN_IMAGES"); !given.empty()) return fs::absolute(given);
  if (::geteuid() == 0) return "/var/lib/wardian/images";
  // Relative ones are to be ignored (XDG Base Directory Specification): the folder that one happens to be in is anybody's.
  if (const fs::path data = variable("XDG_DATA_HOME"); data.is_absolute()) return data / "wardian" / "images";
  fs::path home = variable("HOME");
  const passwd* const user = home.is_absolute() ? nullptr : ::getpwuid(::geteuid());
  if (user != nullptr) home = user->pw_dir;
  return fs::path("/") / home / ".local" / "share" / "wardian" / "images";
}

Result<Manifest> Store::describe(const std::string& name) const {
  WARDIAN_TRY(check_name(name));
  const fs::path file = folder_ / name / kManifest;
  if (::access(file.c_str(), F_OK) != 0 && errno == EACCES)
    return process::system_error(ErrorCode::access_denied, "Cannot look for the image at " + file.parent_path().string(), errno);
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
  WARDIAN_ASSIGN(const std::string text, process::read_whole_file(file));
  return decode_manifest(text, file);
}

Result<StoredImage> Store::find(const std::string& name) const {
  WARDIAN_ASSIGN(Manifest manifest, describe(name));
  std::error_code error;
  fs::path generation = folder_ / name / manifest.generation;
  if (!is_generation_name(manifest.generation))
    return Error{ErrorCode::bad_file,
                 "The image's description names no state of it: " + (folder_ / name / kManifest).string(),
                 {},
                 "wardian image remove " + name + " takes it away"};
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

Status Store::check_readable() const {
  struct stat status {};
  if (::stat(folder_.c_str(), &status) != 0 && errno == ENOENT) return {};
  if (::access(folder_.c_str(), R_OK | X_OK) != 0)
    return process::system_error(ErrorCode::access_denied, "Cannot look into the folder of images, " + folder_.string(), errno);
  if (!S_ISDIR(status.st_mode))
    return Error{ErrorCode::bad_file, "The folder of images is none: " + folder_.string(), {}, "WARDIAN_IMAGES names it"};
  return {};
}

std::string Store::generation(const std::string& name) const {
  const auto found = describe(name);
  return found.ok() ? found->generation : "";
}

Result<ImageInUse> Store::use(const std::string& name) const {
  // Between reading the name and taking hold of it the image may change: then it is read again.
  for (int attempt = 0;; ++attempt) {
    WARDIAN_ASSIGN(StoredImage stored, find(name));
    HeldGeneration held = HeldGeneration::take(stored.folder);
    const int number = errno;
    if (!held && (number == ENOENT || number == EWOULDBLOCK) && attempt < 100) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      continue;
    }
    if (!held) return io_error("Cannot use the image in", stored.folder, number);
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
  const auto there = describe(name);
  if (!there.ok() && there.error().code == ErrorCode::unknown_image) {
    remove_nameless(folder_);  // of one that was killed while it was removed or made
    return there.error();
  }
  WARDIAN_ASSIGN(const UniqueFd held, take_lock(name, lock, {}));
  if (!fs::exists(image / kManifest, error)) return Status();  // another was faster
  // Its name first: from here on nobody begins to use it.
  if (::unlink((image / kManifest).c_str()) != 0) return io_error("Cannot remove", image / kManifest, errno);
  remove_old_generations(image, {});
  remove_if_empty(image);
  remove_nameless(folder_);
  return {};
}

Result<Change> Change::begin(const Store& store, const std::string& name, const Patience& patience) {
  WARDIAN_TRY(check_name(name));
  const fs::path image = store.folder_ / name;
  const fs::path lock = image / kLock;
  remove_nameless(store.folder_);
  WARDIAN_ASSIGN(UniqueFd held, take_lock(name, lock, patience));
  // Nothing is removed on the word of a description that cannot be read: perhaps a newer version's.
  const auto there = store.describe(name);
  if (!there.ok() && there.error().code != ErrorCode::unknown_image) return there.error();
  const std::string number = std::to_string(::getpid()) + "\n";
  if (::ftruncate(held.get(), 0) == 0) (void)!::pwrite(held.get(), number.data(), number.size(), 0);
  remove_old_generations(image, there.ok() ? there->generation : "");
  fs::path generation = make_generation(image);
  if (generation.empty()) return io_error("Cannot write in", image, errno);
  return Change(image, std::move(generation), std::move(held));
}

Change::~Change() {
  if (generation_.empty() || !lock_) return;
  std::error_code error;
  fs::remove_all(generation_, error);
  remove_if_empty(image_);
}

Status Change::publish(Manifest manifest) {
  manifest.generation = generation_.filename().string();
  manifest.name = image_.filename().string();
  manifest.created = utc_now();
  const UniqueFd folder(::open(generation_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::syncfs(folder.get()) != 0) return io_error("Cannot write", generation_, errno);
  const UniqueFd image(::open(image_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!image) return io_error("Cannot write in", image_, errno);
  const std::string text = encode(manifest) + "\n";
  const std::array<std::string_view, 1> pieces = {text};
  const auto named =
      process::write_whole_file(image.get(), kManifest, pieces, {.replace = true, .durable = true}, image_ / kManifest);
  // Even where it failed its name may stand there, if not yet on the disk: then it counts.
  const auto now = process::read_whole_file(image_ / kManifest);
  if (named.ok() || (now.ok() && *now == text)) generation_.clear();
  WARDIAN_TRY(named);
  remove_old_generations(image_, manifest.generation);
  return {};
}

}  // namespace wardian::image

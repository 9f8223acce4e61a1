#include "wardian/sandbox/run_record.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "wardian/process/private_folder.h"
#include "wardian/process/system_error.h"
#include "wardian/sandbox/cgroup_leaf.h"
#include "wardian/sandbox/launcher/removal.h"

namespace wardian::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".run";

Status put(int fd, const LaunchPlan& plan) {
  const std::string text = encode(plan);
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    return process::system_error(ErrorCode::io, "cannot write a run record", errno);
  return {};
}

/// A record may only name what a run of ours makes: a stranger's file must not turn the next start into a weapon.
void clean_one(const LaunchPlan& plan) {
  for (const std::string& cgroup : plan.cgroups)
    if (cgroup.find("/wardian-") != std::string::npos) launcher::remove_cgroup(cgroup, 1000);
  if (plan.cgroup_leaf.leaf.find("/wardian-") != std::string::npos)
    leave_leaf(kernel_cgroup_files(), plan.cgroup_leaf, ::getpid());
  for (const std::string& path : plan.cleanup_paths) launcher::remove_tree(path);
}

}  // namespace

RecordPlace record_place() {
  if (::geteuid() == 0) return {"/run", "wardian"};
  if (const char* own = std::getenv("XDG_RUNTIME_DIR"); own != nullptr && ::access(own, W_OK) == 0) return {own, "wardian"};
  return {"/tmp", "wardian-" + std::to_string(::geteuid())};
}

unsigned clean_orphans() {
  const RecordPlace place = record_place();
  unsigned cleaned = 0;
  for (const fs::path& folder : process::private_folders(place.parent, place.name)) {
    cleaned += clean_orphans(folder);
    ::rmdir(folder.c_str());  // when nothing is left in it
  }
  return cleaned;
}

Result<RunRecord> RunRecord::write(const std::string& name, const LaunchPlan& plan) {
  // Another run that ends just now may take the empty folder away in between.
  constexpr int kTriesMax = 4;
  const RecordPlace place = record_place();
  for (int tries = 1;; ++tries) {
    WARDIAN_ASSIGN(const fs::path folder, process::private_folder(place.parent, place.name));
    auto record = write_in(folder, name, plan);
    if (record.ok() || tries == kTriesMax || ::access(folder.c_str(), F_OK) == 0) return record;
  }
}

Result<RunRecord> RunRecord::write_in(const fs::path& folder, const std::string& name, const LaunchPlan& plan) {
  RunRecord record;
  // Locked before it gets the name under which others look.
  const std::string fresh = (folder / (name + ".new")).string();
  record.locked_ = UniqueFd(::open(fresh.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!record.locked_ || ::flock(record.locked_.get(), LOCK_SH) != 0)
    return process::system_error(ErrorCode::io, "cannot make a run record: " + fresh, errno);
  record.path_ = (folder / (name + std::string(kSuffix))).string();
  LaunchPlan named = plan;
  named.record = record.path_;
  WARDIAN_TRY(put(record.locked_.get(), named));
  if (::rename(fresh.c_str(), record.path_.c_str()) != 0)
    return process::system_error(ErrorCode::io, "cannot name a run record", errno);
  return record;
}

Status RunRecord::rewrite(const LaunchPlan& plan) { return put(locked_.get(), plan); }

void RunRecord::erase() {
  if (!path_.empty()) {
    ::unlink(path_.c_str());
    ::rmdir(fs::path(path_).parent_path().c_str());  // when it was the last
  }
  path_.clear();
  locked_.reset();
}

unsigned clean_orphans(const fs::path& folder) {
  unsigned cleaned = 0;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != kSuffix) continue;
    const UniqueFd file(::open(entry.path().c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!file || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) continue;
    const std::optional<std::string> text = kernel_cgroup_files().read(entry.path().string());
    if (const auto plan = text ? decode(*text) : std::nullopt) clean_one(*plan);
    ::unlink(entry.path().c_str());
    ++cleaned;
  }
  return cleaned;
}

}  // namespace wardian::sandbox

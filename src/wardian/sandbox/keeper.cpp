// What callers and set-up see of the keeper; its thread's work is in keeper_work.cpp.
#include "wardian/sandbox/keeper.h"

#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "wardian/sandbox/cgroup_files.h"
#include "wardian/sandbox/launcher/removal.h"
#include "wardian/sandbox/machine.h"
#include "wardian/sandbox/self_check.h"
#include "wardian/sandbox/system_call_filter.h"

namespace wardian::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

/// Callers wait in slices, because a cancellation is seen by looking.
constexpr std::chrono::milliseconds kLookEvery{10};

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += (text.empty() ? "" : "; ") + sentence;
  return text;
}

/// Inputs are mapped by the child, so the address space must hold them too; in steps, so that most calls have the same.
std::uint64_t extra_address_bytes(const Call& call) {
  constexpr std::uint64_t kStep = std::uint64_t{1} << 30;
  constexpr std::uint64_t kBlock = 512;  // of st_blocks, whatever the file system's own
  std::uint64_t total = 0;
  for (const int fd : call.inputs) {
    struct stat status {};
    // Not its size: a frame's file is mostly holes, which nobody maps.
    if (::fstat(fd, &status) == 0) total += static_cast<std::uint64_t>(status.st_blocks) * kBlock;
  }
  // Mapped, and perhaps copied once; the first step is in the pool's own measure.
  total *= 2;
  return total <= kStep ? 0 : (total + kStep - 1) / kStep * kStep;
}

}  // namespace

Pool::Keeper::Keeper(PoolConfig config) : config_(std::move(config)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (config_.cleanup_paths.empty()) return;
  // Spill exists before any sandbox does, so its record must too: whoever starts next cleans after a crash in between.
  LaunchPlan plan;
  for (const std::filesystem::path& path : config_.cleanup_paths) plan.cleanup_paths.push_back(path.string());
  if (const auto folder = record_folder(); folder.ok()) {
    clean_orphans(*folder);
    if (auto record = RunRecord::write_in(*folder, unique_run_name(), plan); record.ok()) record_ = std::move(*record);
  }
}

Pool::Keeper::~Keeper() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake();
  changed_.notify_all();
  if (warming_.joinable()) warming_.join();
  if (thread_.joinable()) thread_.join();
  usher_.reset();
  // The launchers kill, wait and remove; hanging up on all of them first lets them do it side by side.
  zygotes_.clear();
  making_.clear();
  ready_.clear();
  dying_.clear();
  for (const std::string& folder : plan_.cgroups) launcher::remove_cgroup(folder, 1000);
  if (!run_folder_.empty()) launcher::remove_tree(run_folder_);
  for (const std::filesystem::path& path : config_.cleanup_paths) launcher::remove_tree(path.string());
  record_.erase();
}

void Pool::Keeper::wake() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

Status Pool::Keeper::ensure_prepared() {
  const std::scoped_lock one_at_a_time(preparing_);
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return Error{ErrorCode::sandbox_unavailable, "The sandbox pool is shutting down", {}, {}};
    if (prepared_) return {};
  }
  WARDIAN_TRY(prepare());
  const std::scoped_lock lock(mutex_);
  prepared_ = true;
  thread_ = std::thread([this] { work(); });
  return {};
}

void Pool::Keeper::warm() {
  const std::scoped_lock lock(mutex_);
  if (prepared_ || warming_.joinable() || stopping_) return;
  warming_ = std::thread([this] { (void)ensure_prepared(); });
}

Status Pool::Keeper::prepare() {
  if (config_.parts) {
    parts_ = *config_.parts;
  } else {
    WARDIAN_ASSIGN(parts_, find_parts());
  }
  WARDIAN_ASSIGN(const Machine machine, examine_machine(parts_));
  const LevelChoice choice = choose_level(machine);
  {
    const std::scoped_lock lock(mutex_);
    level_ = std::max(choice.level, config_.forced_level.value_or(Level::a));
  }
  if (level_ == Level::f || level_ > config_.minimum_level) {
    return Error{ErrorCode::sandbox_unavailable,
                 "This machine holds sandbox level " + std::string(level_name(level_)) + ", and " +
                     std::string(level_name(std::min(config_.minimum_level, Level::e))) +
                     " is the least allowed: " + joined(choice.missing),
                 {},
                 "See wardian doctor"};
  }
  LaunchInputs inputs;
  inputs.level = level_;
  inputs.machine = machine;
  inputs.image = config_.image;
  inputs.parts = parts_;
  inputs.own_uid = ::geteuid();
  WARDIAN_ASSIGN(inputs.layout, examine_image(config_.image));
  WARDIAN_ASSIGN(inputs.filter, build_system_call_filter());
  if (inputs.own_uid == 0 && machine.can_map_ids) {
    const IdBlock ids =
        choose_ids(kernel_cgroup_files().read("/proc/self/uid_map").value_or(""), static_cast<std::uint32_t>(::getpid()));
    inputs.id_first = ids.first;
    inputs.id_count = ids.count;
  }
  if (inputs.own_uid == 0 && inputs.id_count == 0)
    return Error{
        ErrorCode::sandbox_unavailable, "Root has no other user id to give to the sandbox", {}, "Run as an ordinary user"};
  Launch launch = lay_out(inputs);
  plan_ = std::move(launch.plan);
  zygote_config_ = std::move(launch.config);
  walls_expected_ = expected_walls(plan_, level_ == Level::e ? 0 : machine.landlock_abi);
  slot_ids_ = plan_.ids == IdMapping::range ? plan_.host_id_count : 0;
  cores_ = core_count();

  if (const auto folder = record_folder(); folder.ok()) clean_orphans(*folder);
  const std::string name = unique_run_name();
  if (level_ <= Level::b || (machine.cgroup_memory && level_ != Level::c && !config_.forced_level)) {
    WARDIAN_ASSIGN(CgroupTree tree, CgroupTree::make(kernel_cgroup_files(), own_cgroup_places(), name, ::getpid(), core_count()));
    plan_.cgroups = tree.folders();
    usher_ =
        std::make_unique<CgroupUsher>(std::move(tree), cores_, [this](const std::shared_ptr<Slot>& slot, const Status& admitted) {
          const std::scoped_lock lock(mutex_);
          child_admitted(slot->number, admitted);
        });
  }
  data_limit_ = usher_ == nullptr;
  own_scratch_folders_ = !plan_.mount_namespace;
  for (const std::filesystem::path& path : config_.cleanup_paths) plan_.cleanup_paths.push_back(path.string());
  if (own_scratch_folders_) {
    run_folder_ = "/tmp/" + name + "-scratch";
    if (::mkdir(run_folder_.c_str(), 0711) != 0)
      return Error{ErrorCode::sandbox_unavailable, "cannot make " + run_folder_, {}, {}};
    plan_.cleanup_paths.push_back(run_folder_);
  }
  // Nothing to promise for the next start where no folder for it can be had; the launcher still cleans.
  if (!record_.path().empty()) {
    plan_.record = record_.path();
    WARDIAN_TRY(record_.rewrite(plan_));
  } else if (auto record = RunRecord::write(name, plan_); record.ok()) {
    record_ = std::move(*record);
    plan_.record = record_.path();
  }
  return {};
}

Status Pool::Keeper::start() {
  WARDIAN_TRY(ensure_prepared());
  std::unique_lock lock(mutex_);
  const Clock::time_point deadline = Clock::now() + config_.start_time_max;
  while (ready_.empty() && !broken_ && !stopping_)
    if (changed_.wait_until(lock, deadline) == std::cv_status::timeout && Clock::now() >= deadline)
      return Error{ErrorCode::sandbox_unavailable, "The sandbox did not start in time", {}, {}};
  if (broken_) return *broken_;
  return {};
}

Status Pool::Keeper::wait_for_place(std::unique_lock<std::mutex>& lock, const Call& call) {
  const Clock::time_point limit = Clock::now() + config_.throttle_wait_max;
  while (in_flight_ >= config_.sandbox_count_max) {
    if (stopping_) return Error{ErrorCode::sandbox_unavailable, "The sandbox pool is shutting down", {}, {}};
    if (call.cancel != nullptr && call.cancel->cancelled())
      return Error{ErrorCode::cancelled, "The request was cancelled", {}, {}};
    const Clock::time_point now = Clock::now();
    if (call.deadline && now >= *call.deadline)
      return Error{ErrorCode::timeout, "The request's time ran out before a sandbox was free", {}, {}};
    if (now >= limit)
      return Error{ErrorCode::throttled,
                   "The sandboxed query was aborted because of throttling: " + std::to_string(config_.sandbox_count_max) +
                       " sandboxes are in use",
                   {},
                   "Retrying after some backoff might succeed; --sandbox-count allows more"};
    changed_.wait_for(lock, kLookEvery);
  }
  ++in_flight_;
  return {};
}

Result<std::shared_ptr<Slot>> Pool::Keeper::acquire(const Call& call) {
  std::unique_lock lock(mutex_);
  WARDIAN_TRY(wait_for_place(lock, call));
  const auto leave = [&](Error error) {
    --in_flight_;
    lock.unlock();
    changed_.notify_all();
    return error;
  };
  if (stopping_) return leave(Error{ErrorCode::sandbox_unavailable, "The sandbox pool is shutting down", {}, {}});
  if (!prepared_) {
    lock.unlock();
    Status prepared = ensure_prepared();
    lock.lock();
    if (!prepared.ok()) return leave(prepared.error());
  }
  // Just failed: waiting again would only fail again, later.
  if (broken_ && ready_.empty() && Clock::now() < broken_until_) return leave(*broken_);
  Wanted wanted;
  wanted.policy = call.policy;
  wanted.address_bytes_extra = extra_address_bytes(call);
  const auto fitting =
      std::ranges::find_if(ready_, [&](const auto& slot) { return matches(*slot, wanted.policy, wanted.address_bytes_extra); });
  ++runs_total_;
  if (fitting != ready_.end()) {
    std::shared_ptr<Slot> slot = std::move(*fitting);
    ready_.erase(fitting);
    return slot;
  }
  wanted_.push_back(&wanted);
  wake();
  const Clock::time_point limit = Clock::now() + config_.start_time_max;
  while (!wanted.slot && !wanted.error) {
    changed_.wait_for(lock, kLookEvery);
    if (wanted.slot || wanted.error) break;
    if (call.cancel != nullptr && call.cancel->cancelled())
      wanted.error = Error{ErrorCode::cancelled, "The request was cancelled", {}, {}};
    if (call.deadline && Clock::now() >= *call.deadline)
      wanted.error = Error{ErrorCode::timeout, "The request's time ran out before a sandbox was ready", {}, {}};
    if (stopping_) wanted.error = Error{ErrorCode::sandbox_unavailable, "The sandbox pool is shutting down", {}, {}};
    if (Clock::now() >= limit) wanted.error = Error{ErrorCode::sandbox_unavailable, "The sandbox did not start in time", {}, {}};
  }
  // Not in the list any more when it was answered; a child still in the making for it goes to the pool or to its grave.
  wanted_.remove(&wanted);
  for (auto& [number, making] : making_)
    if (making.wanted == &wanted) making.wanted = nullptr;
  if (wanted.slot) return std::move(wanted.slot);
  return leave(std::move(*wanted.error));
}

void Pool::Keeper::give_up(std::shared_ptr<Slot> slot) {
  {
    const std::scoped_lock lock(mutex_);
    --in_flight_;
    dying_.push_back(std::move(slot));
  }
  changed_.notify_all();
  wake();
}

PoolStatus Pool::Keeper::status() const {
  const std::scoped_lock lock(mutex_);
  PoolStatus status;
  status.level = level_;
  status.started = prepared_ && !ready_.empty();
  status.ready = static_cast<unsigned>(ready_.size());
  status.in_flight = in_flight_;
  status.runs_total = runs_total_;
  status.slot_time_last = slot_time_last_;
  status.zygotes_total = next_generation_ - 1;
  return status;
}

std::shared_ptr<const process::MemoryFolder> Pool::Keeper::memory() const {
  const std::scoped_lock lock(mutex_);
  return memory_;
}

bool Pool::Keeper::matches(const Slot& slot, const Policy& policy, std::uint64_t address_bytes_extra) const {
  // Wall time and console are the supervisor's own affair; all else was fixed when the child was made.
  Policy same = policy;
  same.wall_time_max = slot.policy.wall_time_max;
  same.console_head_bytes_max = slot.policy.console_head_bytes_max;
  same.console_tail_bytes_max = slot.policy.console_tail_bytes_max;
  return same == slot.policy && slot.address_bytes_extra == address_bytes_extra;
}

}  // namespace wardian::sandbox

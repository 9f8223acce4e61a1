// What callers and set-up see of the keeper; its thread's work is in keeper_work.cpp and its neighbours.
#include "wardian/sandbox/keeper.h"

#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "wardian/process/start_thread.h"
#include "wardian/process/system_error.h"
#include "wardian/sandbox/cgroup_leaf.h"
#include "wardian/sandbox/launcher/removal.h"
#include "wardian/sandbox/machine.h"
#include "wardian/sandbox/self_check.h"
#include "wardian/sandbox/system_call_filter.h"

namespace wardian::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

// Of a call with a dialogue, in the kernel's own count.
constexpr std::chrono::hours kDialogueCpuTimeMax{24 * 365};

/// Callers wait in slices, because a cancellation is seen by looking.
constexpr std::chrono::milliseconds kLookEvery{10};

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += (text.empty() ? "" : "; ") + sentence;
  return text;
}

std::uint64_t in_steps(std::uint64_t bytes, std::uint64_t step) { return (bytes + step - 1) / step * step; }

/// Inputs are mapped by the child, privately, so its limits must hold them too; in steps, so that most calls have the same.
ExtraBytes extra_bytes(const Call& call, bool data_limit) {
  constexpr std::uint64_t kAddressStep = std::uint64_t{1} << 30;
  constexpr std::uint64_t kDataStep = std::uint64_t{16} << 20;
  constexpr std::uint64_t kDataFree = std::uint64_t{4} << 20;  // so little is not worth a child made to measure
  constexpr std::uint64_t kBlock = 512;                        // of st_blocks, whatever the file system's own
  std::uint64_t total = 0;
  for (const int fd : call.inputs) {
    struct stat status {};
    // Not its size: a frame's file is mostly holes, which nobody maps.
    if (::fstat(fd, &status) == 0) total += static_cast<std::uint64_t>(status.st_blocks) * kBlock;
  }
  ExtraBytes extra;
  // Those that are only shown may be mapped as well; but no limit of memory counts them.
  if (call.shown_bytes > kAddressStep) extra.address = in_steps(2 * call.shown_bytes, kAddressStep);
  // Mapped, and perhaps copied once; the first step is in the pool's own measure.
  if (2 * total > kAddressStep) extra.address += in_steps(2 * total, kAddressStep);
  if (data_limit && total > kDataFree) extra.data = in_steps(total, kDataStep);
  return extra;
}

}  // namespace

Pool::Keeper::Keeper(PoolConfig config) : config_(std::move(config)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (config_.cleanup_paths.empty()) return;
  // Spill exists before any sandbox does, so its record must too: whoever starts next cleans after a crash in between.
  LaunchPlan plan;
  for (const std::filesystem::path& path : config_.cleanup_paths) plan.cleanup_paths.push_back(path.string());
  clean_orphans();
  if (auto record = RunRecord::write(unique_run_name(), plan); record.ok()) record_ = std::move(*record);
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
  unmake();
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
  if (const Status prepared = prepare(); !prepared.ok()) {
    unmake();
    return prepared;
  }
  const std::scoped_lock lock(mutex_);
  auto thread = process::start_thread([this] { work(); });
  if (!thread.ok()) {
    unmake();
    return Error{ErrorCode::sandbox_unavailable, "The sandbox could not start: " + thread.error().message, {}, {}};
  }
  thread_ = std::move(*thread);
  prepared_ = true;
  return {};
}

void Pool::Keeper::warm() {
  const std::scoped_lock lock(mutex_);
  if (prepared_ || warming_.joinable() || stopping_) return;
  // Without a thread for it the first call does it.
  if (auto thread = process::start_thread([this] { (void)ensure_prepared(); }); thread.ok()) warming_ = std::move(*thread);
}

Status Pool::Keeper::prepare() {
  if (config_.parts) {
    parts_ = *config_.parts;
  } else {
    WARDIAN_ASSIGN(parts_, find_parts());
  }
  WARDIAN_ASSIGN(Machine machine, examine_machine(parts_));
  clean_orphans();
  const std::string name = unique_run_name();
  WARDIAN_TRY(settle_level(machine));
  if (config_.forced_level.value_or(Level::a) <= Level::b)
    if (const Status made = make_groups(machine, name); !made.ok()) {
      // Looking said yes, but somebody else may have come in between.
      machine.cgroup_memory = machine.cgroup_pids = machine.cgroup_cpu = false;
      machine.cgroup_why = made.error().message;
      WARDIAN_TRY(settle_level(machine));
    }
  LaunchInputs inputs;
  inputs.level = level_;
  inputs.machine = machine;
  inputs.image = config_.image;
  inputs.parts = parts_;
  inputs.own_uid = ::geteuid();
  WARDIAN_ASSIGN(inputs.layout, examine_image(config_.image));
  if (machine.can_map_ids || machine.can_change_ids) {
    const IdBlock ids = own_id_block();
    inputs.id_first = ids.first;
    inputs.id_count = ids.count;
  }
  const FilterSurroundings surroundings = filter_surroundings(inputs);
  WARDIAN_ASSIGN(inputs.filter, build_system_call_filter(surroundings));
  inputs.files_folder = make_files_folder(name, surroundings.mount_tree);
  Launch launch = lay_out(inputs);
  launch.plan.cgroups = std::move(plan_.cgroups);
  launch.plan.cgroup_leaf = std::move(plan_.cgroup_leaf);
  plan_ = std::move(launch.plan);
  zygote_config_ = std::move(launch.config);
  walls_expected_ = expected_walls(plan_, level_ == Level::e ? 0 : machine.landlock_abi);
  slot_ids_ = plan_.ids == IdMapping::range ? plan_.host_id_count : 0;
  // By Landlock, which knows truncation from its third version on, or because the file is another user's.
  guards_files_ = (level_ != Level::e && machine.landlock_abi >= 3) || plan_.host_id_first != 0;
  data_limit_ = usher_ == nullptr;
  own_scratch_folders_ = !plan_.mount_namespace;
  return make_places(name);
}

Status Pool::Keeper::settle_level(const Machine& machine) {
  const LevelChoice choice = choose_level(machine);
  const std::scoped_lock lock(mutex_);
  level_ = std::max(choice.level, config_.forced_level.value_or(Level::a));
  if (level_ != Level::f && level_ <= config_.minimum_level) return {};
  return Error{ErrorCode::sandbox_unavailable,
               "This machine holds sandbox level " + std::string(level_name(level_)) + ", and " +
                   std::string(level_name(std::min(config_.minimum_level, Level::e))) +
                   " is the least allowed: " + joined(choice.missing),
               {},
               "See wardian doctor"};
}

Status Pool::Keeper::make_groups(const Machine& machine, const std::string& name) {
  if (!machine.cgroup_memory) return {};
  cores_ = core_count();
  WARDIAN_ASSIGN(CgroupTree tree, CgroupTree::make(kernel_cgroup_files(), own_cgroup_places(), name, ::getpid(), cores_));
  plan_.cgroups = tree.folders();
  plan_.cgroup_leaf = tree.leaf();
  auto usher =
      std::make_unique<CgroupUsher>(std::move(tree), cores_, [this](const std::shared_ptr<Slot>& slot, const Status& admitted) {
        const std::scoped_lock lock(mutex_);
        child_admitted(slot->number, admitted);
      });
  if (Status started = usher->start(); !started.ok()) {
    unmake();
    return started;
  }
  usher_ = std::move(usher);
  return {};
}

std::string Pool::Keeper::make_files_folder(const std::string& name, bool mount_tree) {
  // Without a mount tree children walk to it by its path, as whatever user they are.
  std::error_code none;
  std::filesystem::path parent = mount_tree ? std::filesystem::temp_directory_path(none) : "/tmp";
  if (none) parent = "/tmp";
  // Root without its powers has its launcher look at the folder as another user.
  auto made = ShownFiles::make(parent / (name + "-files"), !mount_tree || ::geteuid() == 0);
  const std::scoped_lock lock(mutex_);
  no_files_ = made.ok() ? std::nullopt : std::optional<Error>(made.error());
  if (!made.ok()) return {};
  files_ = std::move(*made);
  if (mount_tree) files_->seen_as(kShownFilesFolder);
  return files_->shown_part().string();
}

Status Pool::Keeper::make_places(const std::string& name) {
  for (const std::filesystem::path& path : config_.cleanup_paths) plan_.cleanup_paths.push_back(path.string());
  if (files_ != nullptr) plan_.cleanup_paths.push_back(files_->folder().string());
  if (own_scratch_folders_) {
    const std::string folder = "/tmp/" + name + "-scratch";
    if (::mkdir(folder.c_str(), 0711) != 0)
      return process::system_error(ErrorCode::sandbox_unavailable, "cannot make " + folder, errno);
    run_folder_ = folder;
    plan_.cleanup_paths.push_back(run_folder_);
  }
  // Nothing to promise for the next start where no folder for it can be had; the launcher still cleans.
  if (!record_.path().empty()) {
    plan_.record = record_.path();
    return record_.rewrite(plan_);
  }
  if (auto record = RunRecord::write(name, plan_); record.ok()) {
    record_ = std::move(*record);
    plan_.record = record_.path();
  }
  return {};
}

void Pool::Keeper::unmake() {
  usher_.reset();
  for (const std::string& folder : plan_.cgroups) launcher::remove_cgroup(folder, 1000);
  leave_leaf(kernel_cgroup_files(), plan_.cgroup_leaf, ::getpid());
  if (!run_folder_.empty()) launcher::remove_tree(run_folder_);
  files_.reset();
  plan_ = LaunchPlan();
  run_folder_.clear();
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
    WARDIAN_TRY(process::may_go_on(call.cancel, call.deadline, "before a sandbox was free"));
    const Clock::time_point now = Clock::now();
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
  // Its CPU time counts anew with each answer, which the kernel's own limit cannot.
  if (call.dialogue != nullptr) wanted.policy.cpu_time_max = kDialogueCpuTimeMax;
  wanted.extra = extra_bytes(call, data_limit_);
  ++runs_total_;
  called_at_ = Clock::now();
  const auto fits = [&](const auto& slot) { return matches(*slot, wanted.policy, wanted.extra); };
  for (auto fitting = std::ranges::find_if(ready_, fits); fitting != ready_.end(); fitting = std::ranges::find_if(ready_, fits)) {
    std::shared_ptr<Slot> slot = std::move(*fitting);
    ready_.erase(fitting);
    if (!slot->wait_dead(std::chrono::milliseconds(0))) return slot;
    dying_.push_back(std::move(slot));  // while it waited: a machine short of memory ends whom it likes
    wake();
  }
  wanted_.push_back(&wanted);
  wake();
  const Clock::time_point limit = Clock::now() + config_.start_time_max;
  while (!wanted.slot && !wanted.error) {
    changed_.wait_for(lock, kLookEvery);
    if (wanted.slot || wanted.error) break;
    if (Status going = process::may_go_on(call.cancel, call.deadline, "before a sandbox was ready"); !going.ok())
      wanted.error = std::move(going).error();
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
    called_at_ = Clock::now();
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

Result<std::shared_ptr<const ShownFiles>> Pool::Keeper::shown_files() {
  WARDIAN_TRY(ensure_prepared());
  const std::scoped_lock lock(mutex_);
  if (no_files_) return *no_files_;
  return std::shared_ptr<const ShownFiles>(files_);
}

Result<bool> Pool::Keeper::guards_files() {
  WARDIAN_TRY(ensure_prepared());
  const std::scoped_lock lock(mutex_);
  return guards_files_;
}

bool Pool::Keeper::matches(const Slot& slot, const Policy& policy, const ExtraBytes& extra) const {
  // Wall time and console are the supervisor's own affair; all else was fixed when the child was made.
  Policy same = policy;
  same.wall_time_max = slot.policy.wall_time_max;
  same.console_head_bytes_max = slot.policy.console_head_bytes_max;
  same.console_tail_bytes_max = slot.policy.console_tail_bytes_max;
  return same == slot.policy && slot.extra == extra;
}

}  // namespace wardian::sandbox

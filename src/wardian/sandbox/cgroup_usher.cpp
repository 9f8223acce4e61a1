#include "wardian/sandbox/cgroup_usher.h"

#include <algorithm>
#include <utility>

#include "wardian/process/start_thread.h"

namespace wardian::sandbox {
namespace {

constexpr std::chrono::milliseconds kTryAgainAfter{20};
// A group is four folders to make, to set and to remove, 1 ms of processor time; kept are no more than a full pool's.
constexpr std::size_t kSpareMax = 16;

}  // namespace

CgroupUsher::CgroupUsher(CgroupTree tree, unsigned cores, Done done)
    : tree_(std::move(tree)), cores_(cores), done_(std::move(done)) {}

Status CgroupUsher::start() {
  WARDIAN_ASSIGN(thread_, process::start_thread([this] { work(); }));
  return {};
}

CgroupUsher::~CgroupUsher() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void CgroupUsher::admit(std::shared_ptr<Slot> slot) {
  {
    const std::scoped_lock lock(mutex_);
    arriving_.push_back(std::move(slot));
  }
  changed_.notify_all();
}

void CgroupUsher::dismiss(std::shared_ptr<Slot> slot) {
  {
    const std::scoped_lock lock(mutex_);
    leaving_.push_back(std::move(slot));
  }
  changed_.notify_all();
}

Result<CgroupSlot> CgroupUsher::group_for(const Slot& slot) {
  const auto fitting = std::ranges::find_if(spare_, [&](const Spare& spare) { return spare.policy == slot.policy; });
  if (fitting == spare_.end()) return tree_.make_slot("slot-" + std::to_string(slot.number), slot.policy, cores_);
  CgroupSlot group = std::move(fitting->group);
  spare_.erase(fitting);
  return group;
}

bool CgroupUsher::take_leave(Slot& slot) {
  if (spare_.size() < kSpareMax && slot.cgroup.renew()) {
    spare_.push_back({slot.policy, std::exchange(slot.cgroup, {})});
    return true;
  }
  if (slot.cgroup.remove()) return true;
  slot.cgroup.kill_all();
  return false;
}

void CgroupUsher::work() {
  std::unique_lock lock(mutex_);
  bool try_again = false;
  while (!stopping_) {
    if (!arriving_.empty()) {
      const std::shared_ptr<Slot> slot = std::move(arriving_.front());
      arriving_.pop_front();
      lock.unlock();
      Status status;
      auto group = group_for(*slot);
      if (group.ok()) {
        slot->cgroup = std::move(*group);
        status = slot->cgroup.add(slot->pid);
      } else {
        status = group.error();
      }
      done_(slot, status);
      lock.lock();
      continue;
    }
    if (leaving_.empty()) {
      changed_.wait(lock);
      continue;
    }
    if (try_again && changed_.wait_for(lock, kTryAgainAfter) == std::cv_status::no_timeout && !arriving_.empty()) continue;
    std::vector<std::shared_ptr<Slot>> leaving = std::move(leaving_);
    leaving_.clear();
    lock.unlock();
    std::erase_if(leaving, [this](const std::shared_ptr<Slot>& slot) { return take_leave(*slot); });
    lock.lock();
    try_again = !leaving.empty();
    leaving_.insert(leaving_.end(), leaving.begin(), leaving.end());
  }
}

}  // namespace wardian::sandbox

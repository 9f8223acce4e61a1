#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "wardian/sandbox/cgroup_tree.h"
#include "wardian/sandbox/slot.h"

namespace wardian::sandbox {

/// A thread that brings children into their control groups and removes the groups afterwards. Moving a process waits for a grace
/// period of the kernel's read-copy-update (10-25 ms, measured), asleep and with the mutex of all groups held, unless another move
/// came just before. On a thread of its own that wait delays nobody else, and those who queue up meanwhile share it.
class CgroupUsher {
 public:
  /// `done` is called from the usher's thread after each admission.
  using Done = std::function<void(const std::shared_ptr<Slot>&, const Status&)>;
  CgroupUsher(CgroupTree tree, unsigned cores, Done done);
  /// Once, before the first admission.
  Status start();
  CgroupUsher(const CgroupUsher&) = delete;
  CgroupUsher& operator=(const CgroupUsher&) = delete;
  /// Stops after the step in progress; groups that are left are the owner's to remove, with the tree.
  ~CgroupUsher();

  /// Moves the slot's process into a group with its policy's limits.
  void admit(std::shared_ptr<Slot> slot);
  /// Keeps the slot's group for another, or removes it, trying until it is gone. The process must be dead.
  void dismiss(std::shared_ptr<Slot> slot);

 private:
  struct Spare {
    Policy policy;
    CgroupSlot group;
  };

  void work();
  Result<CgroupSlot> group_for(const Slot& slot);
  /// The slot has no group any more.
  bool take_leave(Slot& slot);

  CgroupTree tree_;
  unsigned cores_;
  Done done_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::deque<std::shared_ptr<Slot>> arriving_;
  std::vector<std::shared_ptr<Slot>> leaving_;
  std::vector<Spare> spare_;  // of the thread alone
  std::thread thread_;
};

}  // namespace wardian::sandbox

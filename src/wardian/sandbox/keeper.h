#pragma once

#include <condition_variable>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "wardian/process/memory_folder.h"
#include "wardian/sandbox/cgroup_usher.h"
#include "wardian/sandbox/level.h"
#include "wardian/sandbox/pool.h"
#include "wardian/sandbox/run_record.h"
#include "wardian/sandbox/slot.h"
#include "wardian/sandbox/zygote_link.h"

namespace wardian::sandbox {

/// The thread behind a pool: launches zygotes, has children made ahead of need and to measure, and buries them.
/// Callers meet it in `acquire` and `give_up` only; all that they share lies under one mutex.
class Pool::Keeper {
 public:
  explicit Keeper(PoolConfig config);
  ~Keeper();

  Status start();
  /// As start, but in the background: a failure is told to the first caller.
  void warm();
  /// A ready child for `call`, made to measure where its limits are not the pool's. Waits; gives a place in flight back on error.
  Result<std::shared_ptr<Slot>> acquire(const Call& call);
  /// Takes a used child for burial and frees its place.
  void give_up(std::shared_ptr<Slot> slot);
  PoolStatus status() const;
  std::shared_ptr<const process::MemoryFolder> memory() const;
  Result<std::shared_ptr<const ShownFiles>> shown_files();
  /// Whether a child that is given a file for reading can be kept from opening it anew for writing. Prepares what is not prepared yet.
  Result<bool> guards_files();

 private:
  static constexpr std::chrono::milliseconds kCalm{20};  // without a call: time to fill the pool
  static constexpr std::chrono::seconds kBrokenFor{5};   // after a failure: calls fail at once instead of waiting

  struct Zygote {
    std::uint64_t generation = 0;
    ZygoteLink link;
    enum class State { launching, warming, warm, gone } state = State::launching;
    std::uint64_t forks = 0;
    bool crashed = false;  // a child of it, by a signal
    std::chrono::steady_clock::time_point started_at;
  };
  struct Wanted {
    Policy policy;
    ExtraBytes extra;
    bool asked = false;          // a child is in the making for it
    std::shared_ptr<Slot> slot;  // the answer
    std::optional<Error> error;  // or this
  };
  struct Making {
    std::shared_ptr<Slot> slot;
    Wanted* wanted = nullptr;  // null: for the pool
    bool forked = false;
  };

  Status ensure_prepared();
  Status prepare();  // once: machine, level, image, control groups; leaves nothing behind when it fails
  Status settle_level(const Machine& machine);
  Status make_groups(const Machine& machine, const std::string& name);
  std::string make_files_folder(const std::string& name, bool mount_tree);  // what of it to show; empty: none could be made
  Status make_places(const std::string& name);                              // scratch and the record of what to clean
  void unmake();                                                            // groups and places
  Status wait_for_place(std::unique_lock<std::mutex>& lock, const Call& call);
  void work();
  void launch_zygote();
  bool due(const Zygote& zygote) const;
  void replace_the_hung();
  void hear_zygote(Zygote& zygote);
  void hear_launcher(Zygote& zygote);
  void hear_making(std::uint64_t number);
  void lose_zygote(Zygote& zygote, const std::string& why);
  void ask_for_children();
  /// Of those for the pool that are ready or in the making, to which number they are to be filled up now.
  std::size_t fill_to(std::size_t coming);
  std::size_t ready_target() const;
  Status ask_for_child(Zygote& zygote, const std::shared_ptr<Slot>& slot);
  void child_forked(std::uint64_t number, UniqueFd pidfd);
  void child_admitted(std::uint64_t number, const Status& admitted);
  void child_ready(std::uint64_t number, std::uint32_t walls);
  void child_failed(std::uint64_t number, const std::string& why);
  void bury();
  void fail_all_wanted(const Error& error);
  Zygote* warm_zygote();
  bool matches(const Slot& slot, const Policy& policy, const ExtraBytes& extra) const;
  void wake() const;

  PoolConfig config_;
  Parts parts_;
  LaunchPlan plan_;  // of every zygote of this pool, without record
  std::string zygote_config_;
  std::uint32_t walls_expected_ = 0;
  std::uint32_t slot_ids_ = 0;  // host ids for slots; 0: they stay what the zygote is
  bool guards_files_ = false;
  bool data_limit_ = false;           // no memory control group: RLIMIT_DATA must do
  bool own_scratch_folders_ = false;  // no mount namespace: a folder for each child under run_folder_
  std::string run_folder_;
  Level level_ = Level::f;
  unsigned cores_ = 1;
  std::unique_ptr<CgroupUsher> usher_;  // null: no control groups
  RunRecord record_;
  UniqueFd wake_;

  std::mutex preparing_;  // held for the tenth of a second that `prepare` takes; taken before the other one
  std::thread warming_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool prepared_ = false;
  bool stopping_ = false;
  std::optional<Error> broken_;  // why no zygote can be had, until broken_until_
  std::chrono::steady_clock::time_point broken_until_;
  std::thread thread_;
  std::shared_ptr<const process::MemoryFolder> memory_;  // the first launcher's, for as long as anyone uses it
  std::shared_ptr<ShownFiles> files_;
  std::optional<Error> no_files_;  // why there are none
  std::list<Zygote> zygotes_;
  std::map<std::uint64_t, Making> making_;
  std::deque<std::shared_ptr<Slot>> ready_;
  std::vector<std::shared_ptr<Slot>> dying_;
  std::map<std::uint64_t, std::weak_ptr<Slot>> unreaped_;
  std::list<Wanted*> wanted_;
  bool filling_ = true;                              // up to the target, which was not reached yet
  std::chrono::steady_clock::time_point called_at_;  // when a call last began or ended
  unsigned in_flight_ = 0;
  unsigned failures_ = 0;                                     // in a row, of children
  std::deque<std::chrono::steady_clock::time_point> losses_;  // of zygotes, lately
  std::chrono::steady_clock::time_point replace_after_;       // none is replaced before: the last try failed
  std::uint64_t next_number_ = 1;
  std::uint64_t next_generation_ = 1;
  std::uint64_t runs_total_ = 0;
  std::chrono::microseconds slot_time_last_{};
};

}  // namespace wardian::sandbox

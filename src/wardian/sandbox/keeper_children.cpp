// The keeper's children: asked for, forked, admitted, ready.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "wardian/process/child.h"
#include "wardian/process/system_error.h"
#include "wardian/sandbox/keeper.h"
#include "wardian/sandbox/keeper_text.h"
#include "wardian/sandbox/self_check.h"

namespace wardian::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kFailuresMax = 3;  // in a row; then calls fail for a while instead of waiting
constexpr unsigned kMakingMax =
    12;  // at once: they share the waits of the usher, 10-25 ms each, which would otherwise set the pace
// Threads reserve stacks and heaps that they hardly use (72 MiB each with glibc): reserve is not use.
constexpr std::uint64_t kAddressBytesFree = std::uint64_t{4} << 30;
constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

/// The supervisor ends a run by the exact clock; the kernel's own limit, for when there is no supervisor any more, counts in ticks and
/// may run ahead.
std::uint64_t kernel_cpu_seconds(const Policy& policy) {
  const auto seconds = static_cast<std::uint64_t>(policy.cpu_time_max.count());
  return seconds + seconds / 2 + 2;
}

}  // namespace

void Pool::Keeper::ask_for_children() {
  Zygote* const zygote = warm_zygote();
  if (zygote == nullptr) return;
  if (due(*zygote) && std::ranges::none_of(zygotes_, [](const Zygote& one) {
        return one.state == Zygote::State::launching || one.state == Zygote::State::warming;
      }))
    launch_zygote();
  const auto ask = [&](const Policy& policy, const ExtraBytes& extra, Wanted* wanted) {
    auto slot = std::make_shared<Slot>();
    slot->number = next_number_++;
    slot->zygote = zygote->generation;
    slot->policy = policy;
    slot->extra = extra;
    slot->asked_at = Clock::now();
    if (const Status asked = ask_for_child(*zygote, slot); !asked.ok()) {
      if (wanted != nullptr) wanted->error = asked.error();
      changed_.notify_all();
      return false;
    }
    if (wanted != nullptr) wanted->asked = true;
    making_[slot->number] = Making{slot, wanted, false};
    unreaped_[slot->number] = slot;
    ++zygote->forks;
    return true;
  };
  for (Wanted* wanted : wanted_) {
    if (wanted->asked || wanted->slot || wanted->error) continue;
    if (making_.size() >= kMakingMax) return;
    // Children for the pool come to whoever waits and fits, so only what does not fit is asked for by name.
    Slot like_pool;
    like_pool.policy = config_.policy;
    if (matches(like_pool, wanted->policy, wanted->extra)) continue;
    if (!ask(wanted->policy, wanted->extra, wanted)) return;
  }
  std::size_t waiting = 0;
  for (const Wanted* wanted : wanted_) waiting += !wanted->asked && !wanted->slot && !wanted->error;
  std::size_t coming = ready_.size();
  for (const auto& [number, making] : making_) coming += making.wanted == nullptr;
  const std::size_t enough = fill_to(coming - std::min(coming, waiting)) + waiting;
  while (coming < enough && making_.size() < kMakingMax) {
    if (!ask(config_.policy, {}, nullptr)) return;
    ++coming;
  }
}

std::size_t Pool::Keeper::ready_target() const {
  const unsigned most = std::max(config_.ready_count, std::min(config_.ready_count_max, config_.sandbox_count_max));
  return std::clamp<std::uint64_t>(runs_total_, config_.ready_count, most);
}

std::size_t Pool::Keeper::fill_to(std::size_t coming) {
  const std::size_t target = ready_target();
  // Those that are made take the processors from those that are used: not while calls come, as long as there are some left, and then
  // many at once.
  if (coming * 8 < target * 3 || Clock::now() - called_at_ >= kCalm) filling_ = true;
  if (coming >= target) filling_ = false;
  return filling_ ? target : 0;
}

Status Pool::Keeper::ask_for_child(Zygote& zygote, const std::shared_ptr<Slot>& slot) {
  WARDIAN_ASSIGN(const ChildEnds ends, make_ends(*slot));
  const Policy& policy = slot->policy;
  std::string scratch = kScratchFolder;
  if (own_scratch_folders_) {
    scratch = slot->scratch_folder = run_folder_ + "/" + std::to_string(slot->number);
    // The zygote's uid is not ours when we are root.
    if (::mkdir(scratch.c_str(), 0700) != 0 ||
        (plan_.host_id_first != 0 && ::chown(scratch.c_str(), plan_.host_id_first, plan_.host_id_first) != 0))
      return process::system_error(ErrorCode::sandbox_unavailable, "cannot make a scratch folder", errno);
  }
  const std::uint32_t id = slot_ids_ > 1 ? kInnerId + 1 + static_cast<std::uint32_t>(slot->number % (slot_ids_ - 1)) : 0;
  // With an id of its own the count is this child's alone; a shared id must leave room for all.
  std::uint64_t tasks = kNoLimit;
  if (id != 0)
    tasks = policy.tasks_max;
  else if (plan_.ids == IdMapping::self || plan_.host_id_first != 0)
    tasks =
        std::uint64_t{policy.tasks_max} * (config_.sandbox_count_max + std::max(config_.ready_count, config_.ready_count_max)) +
        8;
  const std::uint64_t numbers[] = {id, 4 * policy.memory_bytes_max + kAddressBytesFree + slot->extra.address,
                                   data_limit_ ? policy.memory_bytes_max + slot->extra.data : kNoLimit,
                                   // A result beyond the call's memory could not be counted where no control group does.
                                   std::min(policy.file_bytes_max, policy.memory_bytes_max), policy.descriptors_max, tasks,
                                   kernel_cpu_seconds(policy), policy.scratch_bytes_max, policy.scratch_inodes_max};
  std::string order = "fork " + std::to_string(slot->number);
  for (const std::uint64_t number : numbers) order += " " + std::to_string(number);
  order += " " + scratch;
  const int descriptors[] = {ends.channel.fd(), ends.standard_output.get(), ends.standard_error.get()};
  return zygote.link.zygote().send(order, descriptors);
}

void Pool::Keeper::child_forked(std::uint64_t number, UniqueFd pidfd) {
  const auto found = making_.find(number);
  if (found == making_.end()) return;
  Making& making = found->second;
  Slot& slot = *making.slot;
  making.forked = true;
  slot.pidfd = std::move(pidfd);
  slot.pid = process::pid_of(slot.pidfd.get());
  if (usher_ == nullptr) return child_admitted(number, {});
  if (slot.pid <= 0) return child_failed(number, "its process cannot be seen from here");
  usher_->admit(making.slot);
}

void Pool::Keeper::child_admitted(std::uint64_t number, const Status& admitted) {
  const auto found = making_.find(number);
  if (found == making_.end()) return;
  if (!admitted.ok()) return child_failed(number, admitted.error().message);
  // Somebody waits: better a first call with its page faults than a rehearsal first.
  const char* const word = ready_.empty() && !wanted_.empty() ? "go unrehearsed" : "go";
  if (const Status sent = found->second.slot->channel.send(word); !sent.ok()) child_failed(number, sent.error().message);
}

void Pool::Keeper::hear_making(std::uint64_t number) {
  const auto found = making_.find(number);
  if (found == making_.end()) return;
  process::Message message;
  const auto got = found->second.slot->channel.receive(message, kMessageBytesMax);
  if (got.ok() && *got == process::MessageSocket::Got::nothing) return;
  std::array<std::uint64_t, 1> walls{};
  if (!got.ok() || *got == process::MessageSocket::Got::end_of_file) {
    std::string said;
    char part[2048];
    const ssize_t size = ::read(found->second.slot->standard_error.get(), part, sizeof part);
    if (size > 0) said = ": " + last_line(std::string(part, static_cast<std::size_t>(size)));
    child_failed(number, "it died" + said);
  } else if (message.bytes.starts_with("ready ") && numbers_of(message.bytes, walls)) {
    child_ready(number, static_cast<std::uint32_t>(walls[0]));
  } else {
    child_failed(number, message.bytes.starts_with("failed ") ? message.bytes.substr(7) : "it spoke nonsense");
  }
}

void Pool::Keeper::child_ready(std::uint64_t number, std::uint32_t walls) {
  if (const std::string missing = missing_walls(walls_expected_, walls); !missing.empty())
    return child_failed(number, "these walls are missing: " + missing);
  Making making = std::move(making_.at(number));
  making_.erase(number);
  failures_ = 0;
  slot_time_last_ = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - making.slot->asked_at);
  Wanted* target = making.wanted;
  if (target == nullptr)
    for (Wanted* wanted : wanted_)
      if (!wanted->slot && !wanted->error && !wanted->asked && matches(*making.slot, wanted->policy, wanted->extra)) {
        target = wanted;
        break;
      }
  if (target != nullptr && matches(*making.slot, target->policy, target->extra)) {
    target->slot = std::move(making.slot);
  } else if (making.slot->policy == config_.policy && making.slot->extra == ExtraBytes()) {
    ready_.push_back(std::move(making.slot));
  } else {
    dying_.push_back(std::move(making.slot));  // made to measure for someone who left
  }
  changed_.notify_all();
}

void Pool::Keeper::child_failed(std::uint64_t number, const std::string& why) {
  Making making = std::move(making_.at(number));
  making_.erase(number);
  making.slot->kill();
  dying_.push_back(std::move(making.slot));
  const Error error{ErrorCode::sandbox_unavailable, "A sandbox could not be confined: " + why, {}, "See wardian doctor"};
  if (making.wanted != nullptr) making.wanted->error = error;
  if (++failures_ >= kFailuresMax) {
    broken_ = error;
    broken_until_ = Clock::now() + kBrokenFor;
    fail_all_wanted(error);
  }
  changed_.notify_all();
}

}  // namespace wardian::sandbox

// The keeper's thread: zygotes, children in the making, burials.
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "wardian/process/child.h"
#include "wardian/process/system_error.h"
#include "wardian/sandbox/keeper.h"
#include "wardian/sandbox/launcher/removal.h"
#include "wardian/sandbox/self_check.h"

namespace wardian::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMessageBytesMax = 4096;
constexpr unsigned kFailuresMax = 3;  // in a row; then calls fail for a while instead of waiting
constexpr std::chrono::seconds kBrokenFor{5};
constexpr unsigned kMakingMax =
    12;  // at once: they share the waits of the usher, 10-25 ms each, which would otherwise set the pace
constexpr std::chrono::seconds kMakingTimeMax{20};
// Threads reserve stacks and heaps that they hardly use (72 MiB each with glibc): reserve is not use.
constexpr std::uint64_t kAddressBytesFree = std::uint64_t{4} << 30;
constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

/// The numbers after the first word of a message.
template <std::size_t N>
bool numbers_of(std::string_view text, std::array<std::uint64_t, N>& numbers) {
  std::size_t place = text.find(' ');
  for (std::uint64_t& number : numbers) {
    if (place == std::string_view::npos) return false;
    const char* const begin = text.data() + place + 1;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
    if (error != std::errc()) return false;
    place = static_cast<std::size_t>(end - text.data());
    if (place >= text.size()) place = std::string_view::npos;
  }
  return true;
}

/// The supervisor ends a run by the exact clock; the kernel's own limit, for when there is no supervisor any more, counts in ticks and
/// may run ahead.
std::uint64_t kernel_cpu_seconds(const Policy& policy) {
  const auto seconds = static_cast<std::uint64_t>(policy.cpu_time_max.count());
  return seconds + seconds / 2 + 2;
}

/// The last line that is not blank: where a Python traceback names its exception.
std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  const std::size_t start = text.rfind('\n');
  return start == std::string::npos ? text : text.substr(start + 1);
}

}  // namespace

void Pool::Keeper::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    bury();
    if (broken_ && Clock::now() >= broken_until_) {
      broken_.reset();
      failures_ = 0;
    }
    if (!broken_) {
      if (warm_zygote() == nullptr &&
          std::ranges::none_of(zygotes_, [](const Zygote& zygote) { return zygote.state != Zygote::State::gone; }))
        launch_zygote();
      ask_for_children();
    }
    std::vector<pollfd> watched{{wake_.get(), POLLIN, 0}};
    struct Source {
      Zygote* zygote = nullptr;
      bool launcher = false;
      std::uint64_t making = 0;
    };
    std::vector<Source> sources{{}};
    for (Zygote& zygote : zygotes_) {
      if (zygote.state == Zygote::State::gone) continue;
      watched.push_back({zygote.link.zygote().fd(), POLLIN, 0});
      sources.push_back({&zygote, false, 0});
      watched.push_back({zygote.link.launcher().fd(), POLLIN, 0});
      sources.push_back({&zygote, true, 0});
    }
    for (const auto& [number, making] : making_) {
      if (!making.forked) continue;
      watched.push_back({making.slot->channel.fd(), POLLIN, 0});
      sources.push_back({nullptr, false, number});
    }
    lock.unlock();
    // A second is for what no descriptor tells: groups that were busy, children that never answer.
    ::poll(watched.data(), watched.size(), dying_.empty() ? 1000 : 20);
    lock.lock();
    if (watched[0].revents != 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] const ssize_t size = ::read(wake_.get(), &count, sizeof count);
    }
    for (std::size_t i = 1; i < watched.size(); ++i) {
      if (watched[i].revents == 0) continue;
      if (sources[i].making != 0)
        hear_making(sources[i].making);
      else if (sources[i].launcher)
        hear_launcher(*sources[i].zygote);
      else
        hear_zygote(*sources[i].zygote);
    }
  }
}

Pool::Keeper::Zygote* Pool::Keeper::warm_zygote() {
  Zygote* newest = nullptr;
  for (Zygote& zygote : zygotes_)
    if (zygote.state == Zygote::State::warm) newest = &zygote;
  return newest;
}

void Pool::Keeper::launch_zygote() {
  auto link = ZygoteLink::start(parts_, Launch{plan_, zygote_config_});
  Zygote zygote;
  zygote.generation = next_generation_++;
  zygote.started_at = Clock::now();
  if (link.ok()) {
    zygote.link = std::move(*link);
    zygotes_.push_back(std::move(zygote));
  } else {
    broken_ = link.error();
    broken_until_ = Clock::now() + kBrokenFor;
    fail_all_wanted(*broken_);
  }
}

void Pool::Keeper::lose_zygote(Zygote& zygote, const std::string& why) {
  const bool was_warm = zygote.state == Zygote::State::warm;
  zygote.state = Zygote::State::gone;
  // Its children died with it.
  std::erase_if(ready_, [&](const std::shared_ptr<Slot>& slot) {
    if (slot->zygote != zygote.generation) return false;
    dying_.push_back(slot);
    return true;
  });
  std::vector<std::uint64_t> lost;
  for (const auto& [number, making] : making_)
    if (making.slot->zygote == zygote.generation) lost.push_back(number);
  for (const std::uint64_t number : lost) {
    Making making = std::move(making_.at(number));
    making_.erase(number);
    if (making.wanted != nullptr) making.wanted->asked = false;
    dying_.push_back(std::move(making.slot));
  }
  if (stopping_) return;
  // One that ran well for long and died is simply replaced; a run of failures is told to whoever waits.
  failures_ = was_warm && Clock::now() - zygote.started_at > std::chrono::seconds(10) ? 0 : failures_ + 1;
  const std::string complaint = last_line(zygote.link.complaints());
  if (failures_ >= kFailuresMax || !was_warm) {
    broken_ = Error{ErrorCode::sandbox_unavailable,
                    "The sandbox could not start: " + why + (complaint.empty() ? "" : ": " + complaint),
                    {},
                    "See wardian doctor"};
    broken_until_ = Clock::now() + kBrokenFor;
    fail_all_wanted(*broken_);
  }
  zygote.link.keep();
  zygote.link.hang_up();
}

void Pool::Keeper::fail_all_wanted(const Error& error) {
  for (Wanted* wanted : wanted_)
    if (!wanted->slot) wanted->error = error;
  changed_.notify_all();
}

void Pool::Keeper::hear_launcher(Zygote& zygote) {
  if (zygote.state == Zygote::State::gone) return;
  process::Message message;
  const auto got = zygote.link.launcher().receive(message, kMessageBytesMax, 1);
  if (got.ok() && *got == process::MessageSocket::Got::nothing) return;
  if (!got.ok() || *got == process::MessageSocket::Got::end_of_file) {
    lose_zygote(zygote, "the launcher ended");
  } else if (message.bytes.starts_with(kSayFailed)) {
    lose_zygote(zygote, message.bytes.substr(kSayFailed.size()));
  } else if (message.bytes == kSayMemory && message.descriptors.size() == 1) {
    if (memory_ == nullptr) memory_ = std::make_shared<const process::MemoryFolder>(std::move(message.descriptors[0]));
  } else if (message.bytes == kSayStarted && zygote.state == Zygote::State::launching) {
    zygote.state = Zygote::State::warming;
  }
}

void Pool::Keeper::hear_zygote(Zygote& zygote) {
  while (zygote.state != Zygote::State::gone) {
    process::Message message;
    const auto got = zygote.link.zygote().receive(message, kMessageBytesMax, 1);
    if (got.ok() && *got == process::MessageSocket::Got::nothing) return;
    if (!got.ok() || *got == process::MessageSocket::Got::end_of_file) {
      // The launcher may have a better reason in its queue: a zygote that never ran cannot tell one.
      if (zygote.state == Zygote::State::launching) hear_launcher(zygote);
      if (zygote.state != Zygote::State::gone) lose_zygote(zygote, "the zygote ended");
      return;
    }
    const std::string_view text = message.bytes;
    if (text == "warm") {
      zygote.state = Zygote::State::warm;
    } else if (text.starts_with("forked ") && message.descriptors.size() == 1) {
      std::array<std::uint64_t, 1> number{};
      if (numbers_of(text, number)) child_forked(number[0], std::move(message.descriptors[0]));
    } else if (text.starts_with("reaped ")) {
      std::array<std::uint64_t, 4> words{};
      if (!numbers_of(text, words)) continue;
      if (const auto found = unreaped_.find(words[0]); found != unreaped_.end()) {
        if (const auto slot = found->second.lock())
          slot->set_reaped({static_cast<int>(words[1]), std::chrono::microseconds(words[2]), words[3]});
        unreaped_.erase(found);
      }
    }
  }
}

void Pool::Keeper::ask_for_children() {
  Zygote* const zygote = warm_zygote();
  if (zygote == nullptr) return;
  if (zygote->forks >= config_.zygote_forks_max && std::ranges::none_of(zygotes_, [](const Zygote& one) {
        return one.state == Zygote::State::launching || one.state == Zygote::State::warming;
      }))
    launch_zygote();
  const auto ask = [&](const Policy& policy, std::uint64_t extra, Wanted* wanted) {
    auto slot = std::make_shared<Slot>();
    slot->number = next_number_++;
    slot->zygote = zygote->generation;
    slot->policy = policy;
    slot->address_bytes_extra = extra;
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
    if (matches(like_pool, wanted->policy, wanted->address_bytes_extra)) continue;
    if (!ask(wanted->policy, wanted->address_bytes_extra, wanted)) return;
  }
  std::size_t waiting = 0;
  for (const Wanted* wanted : wanted_) waiting += !wanted->asked && !wanted->slot && !wanted->error;
  std::size_t coming = ready_.size();
  for (const auto& [number, making] : making_) coming += making.wanted == nullptr;
  while (coming < config_.ready_count + waiting && making_.size() < kMakingMax) {
    if (!ask(config_.policy, 0, nullptr)) return;
    ++coming;
  }
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
    tasks = std::uint64_t{policy.tasks_max} * (config_.sandbox_count_max + config_.ready_count) + 8;
  const std::uint64_t numbers[] = {id,
                                   4 * policy.memory_bytes_max + kAddressBytesFree + slot->address_bytes_extra,
                                   data_limit_ ? policy.memory_bytes_max : kNoLimit,
                                   policy.file_bytes_max,
                                   policy.descriptors_max,
                                   tasks,
                                   kernel_cpu_seconds(policy),
                                   policy.scratch_bytes_max,
                                   policy.scratch_inodes_max};
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
      if (!wanted->slot && !wanted->error && !wanted->asked &&
          matches(*making.slot, wanted->policy, wanted->address_bytes_extra)) {
        target = wanted;
        break;
      }
  if (target != nullptr && matches(*making.slot, target->policy, target->address_bytes_extra)) {
    target->slot = std::move(making.slot);
  } else if (making.slot->policy == config_.policy && making.slot->address_bytes_extra == 0) {
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

void Pool::Keeper::bury() {
  const Clock::time_point now = Clock::now();
  std::vector<std::uint64_t> late;
  for (const auto& [number, making] : making_)
    if (now - making.slot->asked_at > kMakingTimeMax) late.push_back(number);
  for (const std::uint64_t number : late) child_failed(number, "it did not get ready in time");
  const auto lives = [&](std::uint64_t generation) {
    return std::ranges::any_of(
        zygotes_, [&](const Zygote& zygote) { return zygote.generation == generation && zygote.state == Zygote::State::warm; });
  };
  std::erase_if(dying_, [&](const std::shared_ptr<Slot>& slot) {
    slot->kill();
    if (!slot->wait_dead(std::chrono::milliseconds(0))) return false;
    // Dead, but a member of its group until the zygote has reaped it: trying earlier would only fail.
    if (!slot->wait_reaped(std::chrono::milliseconds(0)) && now - slot->asked_at < kMakingTimeMax && lives(slot->zygote))
      return false;
    if (usher_ != nullptr) usher_->dismiss(slot);
    if (!slot->scratch_folder.empty()) launcher::remove_tree(slot->scratch_folder);
    return true;
  });
  std::erase_if(unreaped_, [](const auto& entry) { return entry.second.expired(); });
  // A zygote that made its share is let go once the last of its children is.
  Zygote* const newest = warm_zygote();
  std::erase_if(zygotes_, [&](Zygote& zygote) {
    if (zygote.state == Zygote::State::gone) return zygote.link.ended();
    if (newest == nullptr || &zygote == newest || zygote.state != Zygote::State::warm) return false;
    std::erase_if(ready_, [&](const std::shared_ptr<Slot>& slot) {
      if (slot->zygote != zygote.generation || ready_.size() <= 1) return false;
      dying_.push_back(slot);
      return true;
    });
    const auto of_this = [&](const std::shared_ptr<Slot>& slot) { return slot->zygote == zygote.generation; };
    bool busy = std::ranges::any_of(ready_, of_this) || std::ranges::any_of(dying_, of_this);
    for (const auto& [number, slot] : unreaped_)
      if (const auto alive = slot.lock()) busy = busy || alive->zygote == zygote.generation;
    if (busy) return false;
    zygote.link.keep();
    zygote.link.hang_up();
    zygote.state = Zygote::State::gone;
    return false;
  });
}

}  // namespace wardian::sandbox

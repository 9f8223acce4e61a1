// The keeper's zygotes: launched, heard, replaced, lost.
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>

#include "wardian/sandbox/keeper.h"
#include "wardian/sandbox/keeper_text.h"

namespace wardian::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

// So many losses within so long are too many; then none is launched for a while.
constexpr std::size_t kLossesMax = 3;
constexpr std::chrono::seconds kLossesWithin{60};
constexpr std::chrono::seconds kLossesPause{30};

}  // namespace

Pool::Keeper::Zygote* Pool::Keeper::warm_zygote() {
  Zygote* newest = nullptr;
  for (Zygote& zygote : zygotes_)
    if (zygote.state == Zygote::State::warm) newest = &zygote;
  return newest;
}

bool Pool::Keeper::due(const Zygote& zygote) const {
  const auto age = Clock::now() - zygote.started_at;
  if (Clock::now() < replace_after_) return false;
  return zygote.forks >= config_.zygote_forks_max || age >= config_.zygote_time_max ||
         (zygote.crashed && age >= config_.zygote_crash_time_min);
}

void Pool::Keeper::launch_zygote() {
  auto link = ZygoteLink::start(parts_, Launch{plan_, zygote_config_});
  Zygote zygote;
  zygote.generation = next_generation_++;
  zygote.started_at = Clock::now();
  if (link.ok()) {
    zygote.link = std::move(*link);
    zygotes_.push_back(std::move(zygote));
  } else if (warm_zygote() != nullptr) {
    replace_after_ = Clock::now() + kLossesPause;
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
  for (const auto& [number, slot] : unreaped_)
    if (const auto alive = slot.lock(); alive != nullptr && alive->zygote == zygote.generation) alive->set_lost(why);
  if (stopping_) return;
  // One that dies now and then is simply replaced. One that cannot even warm up, or many in a short time, are told to whoever waits:
  // each costs a second of imports, and who starts them over and over helps nobody.
  const Clock::time_point now = Clock::now();
  losses_.push_back(now);
  while (now - losses_.front() > kLossesWithin) losses_.pop_front();
  if (warm_zygote() != nullptr) {
    replace_after_ = now + kLossesPause;  // the one that should have been replaced goes on
  } else if (losses_.size() >= kLossesMax || !was_warm) {
    const std::string complaint = last_line(zygote.link.complaints());
    broken_ = Error{ErrorCode::sandbox_unavailable,
                    (was_warm ? "The sandbox's zygotes keep dying: " : "The sandbox could not start: ") + why +
                        (complaint.empty() ? "" : ": " + complaint),
                    {},
                    "See wardian doctor"};
    broken_until_ = now + (losses_.size() >= kLossesMax ? kLossesPause : kBrokenFor);
    fail_all_wanted(*broken_);
  }
  changed_.notify_all();
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
    auto folder = std::make_shared<const process::MemoryFolder>(std::move(message.descriptors[0]));
    if (memory_ == nullptr && folder->usable()) memory_ = std::move(folder);
  } else if (message.bytes == kSayStarted && zygote.state == Zygote::State::launching) {
    zygote.state = Zygote::State::warming;
  }
}

void Pool::Keeper::replace_the_hung() {
  const Clock::time_point now = Clock::now();
  for (Zygote& zygote : zygotes_) {
    if (zygote.state == Zygote::State::gone) continue;
    if (zygote.state != Zygote::State::warm) {
      if (now - zygote.started_at > config_.start_time_max)
        lose_zygote(zygote, "it did not import its packages in " + std::to_string(config_.start_time_max.count() / 1000) + " s");
      continue;
    }
    const bool hung = std::ranges::any_of(making_, [&](const auto& one) {
      const Making& making = one.second;
      return !making.forked && making.slot->zygote == zygote.generation && now - making.slot->asked_at > config_.fork_time_max;
    });
    if (hung) lose_zygote(zygote, "the zygote did not answer for " + std::to_string(config_.fork_time_max.count() / 1000) + " s");
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
    if (text.starts_with("warm ")) {  // and how many objects were placed, for tests
      zygote.state = Zygote::State::warm;
    } else if (text.starts_with("forked ") && message.descriptors.size() == 1) {
      std::array<std::uint64_t, 1> number{};
      if (numbers_of(text, number)) child_forked(number[0], std::move(message.descriptors[0]));
    } else if (text.starts_with("reaped ")) {
      std::array<std::uint64_t, 4> words{};
      if (!numbers_of(text, words)) continue;
      const int wait_status = static_cast<int>(words[1]);
      // SIGKILL is how every child ends.
      zygote.crashed = zygote.crashed || (WIFSIGNALED(wait_status) && WTERMSIG(wait_status) != SIGKILL);
      if (const auto found = unreaped_.find(words[0]); found != unreaped_.end()) {
        if (const auto slot = found->second.lock()) {
          slot->set_reaped({wait_status, std::chrono::microseconds(words[2]), words[3]});
          if (std::erase(ready_, slot) > 0) dying_.push_back(slot);  // while it waited
        }
        unreaped_.erase(found);
      }
    }
  }
}

}  // namespace wardian::sandbox

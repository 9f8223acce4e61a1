// The keeper's thread: its loop, and burials. What it does for zygotes and children is in files of their own.
#include <poll.h>
#include <unistd.h>

#include <algorithm>

#include "wardian/sandbox/keeper.h"
#include "wardian/sandbox/launcher/removal.h"

namespace wardian::sandbox {
namespace {

using Clock = std::chrono::steady_clock;

// To confine and rehearse itself; long, for a busy machine must not look like a broken one.
constexpr std::chrono::seconds kMakingTimeMax{90};

}  // namespace

void Pool::Keeper::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    bury();
    replace_the_hung();
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
      enum class Kind { wake, order, launcher, complaints, making } kind = Kind::wake;
      std::uint64_t making = 0;
    };
    std::vector<Source> sources{{}};
    for (Zygote& zygote : zygotes_) {
      if (zygote.state == Zygote::State::gone) continue;
      for (const auto& [fd, kind] : {std::pair(zygote.link.zygote().fd(), Source::Kind::order),
                                     std::pair(zygote.link.launcher().fd(), Source::Kind::launcher),
                                     std::pair(zygote.link.complaints_fd(), Source::Kind::complaints)}) {
        watched.push_back({fd, POLLIN, 0});
        sources.push_back({&zygote, kind, 0});
      }
    }
    for (const auto& [number, making] : making_) {
      if (!making.forked) continue;
      watched.push_back({making.slot->channel.fd(), POLLIN, 0});
      sources.push_back({nullptr, Source::Kind::making, number});
    }
    // A second is for what no descriptor tells: groups that were busy, children that never answer.
    const int wait_ms = dying_.empty() && ready_.size() + making_.size() >= ready_target() ? 1000 : 20;
    lock.unlock();
    ::poll(watched.data(), watched.size(), wait_ms);
    lock.lock();
    if (watched[0].revents != 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] const ssize_t size = ::read(wake_.get(), &count, sizeof count);
    }
    for (std::size_t i = 1; i < watched.size(); ++i) {
      if (watched[i].revents == 0) continue;
      switch (sources[i].kind) {
        case Source::Kind::wake: break;
        case Source::Kind::order: hear_zygote(*sources[i].zygote); break;
        case Source::Kind::launcher: hear_launcher(*sources[i].zygote); break;
        // Read as it comes: imports that print more than a pipe holds would otherwise wait for ever.
        case Source::Kind::complaints: (void)sources[i].zygote->link.complaints(); break;
        case Source::Kind::making: hear_making(sources[i].making); break;
      }
    }
  }
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

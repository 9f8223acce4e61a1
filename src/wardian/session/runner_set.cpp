#include "wardian/session/runner_set.h"

#include <algorithm>

#include "wardian/image/environment_copy.h"
#include "wardian/image/image_name.h"
#include "wardian/image/installed_packages.h"
#include "wardian/process/start_thread.h"

namespace wardian::session {

RunnerSet::RunnerSet(ScriptSettings settings) : settings_(std::move(settings)), store_(settings_.images) {}

RunnerSet::~RunnerSet() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (retiring_.joinable()) retiring_.join();
}

Status RunnerSet::ask_for_config() {
  if (config_) return {};
  WARDIAN_ASSIGN(config_, settings_.pool());
  return {};
}

Result<std::filesystem::path> RunnerSet::default_python() {
  const std::scoped_lock lock(mutex_);
  WARDIAN_TRY(ask_for_config());
  return config_->image.python;
}

Result<sandbox::Level> RunnerSet::minimum_level() {
  const std::scoped_lock lock(mutex_);
  WARDIAN_TRY(ask_for_config());
  return config_->minimum_level;
}

Result<bool> RunnerSet::default_covers(const image::InlineMetadata& metadata) {
  const std::scoped_lock lock(mutex_);
  if (!default_packages_) {
    WARDIAN_TRY(ask_for_config());
    const auto environment = image::read_environment(config_->image.python.parent_path().parent_path());
    // An interpreter outside of an environment: nobody knows what it has.
    if (!environment.ok()) return false;
    default_packages_ = {environment->python.version, image::installed_packages(environment->site_packages)};
  }
  return image::covers(default_packages_->packages, default_packages_->python, metadata);
}

Result<std::shared_ptr<ImageRunner>> RunnerSet::get(const std::string& image) {
  const std::string name = image == image::kDefaultName ? std::string() : image;
  std::vector<Entry> closing;  // after the lock
  const std::scoped_lock lock(mutex_);
  WARDIAN_TRY(ask_for_config());
  auto found = entries_.find(name);
  if (found != entries_.end() && !name.empty() && store_.generation(name) != found->second.runner->used.generation) {
    closing_.push_back(std::move(found->second));
    entries_.erase(found);
    found = entries_.end();
  }
  if (found == entries_.end()) {
    sandbox::PoolConfig config = *config_;
    image::ImageInUse used;
    std::filesystem::path python = config.image.python;
    if (!name.empty()) {
      WARDIAN_ASSIGN(used, store_.use(name));
      config.image = used.image;
      python = used.outside_python();
    }
    auto runner = std::make_shared<ImageRunner>(name.empty() ? std::string(image::kDefaultName) : name, std::move(python),
                                                std::move(config), std::move(used));
    found = entries_.emplace(name, Entry{std::move(runner), {}}).first;
    if (!retiring_.joinable())
      if (auto thread = process::start_thread([this] { retire_until_stopped(); }); thread.ok()) retiring_ = std::move(*thread);
  }
  const Clock::time_point now = Clock::now();
  found->second.used_at = now;
  std::shared_ptr<ImageRunner> runner = found->second.runner;
  take_unused(now);
  if (!retiring_.joinable()) closing.swap(closing_);
  if (!closing_.empty()) changed_.notify_all();
  return runner;
}

void RunnerSet::take_unused(Clock::time_point now) {
  const auto take = [&](Entries::iterator entry) {
    closing_.push_back(std::move(entry->second));
    return entries_.erase(entry);
  };
  // A runner that a call holds is in use, however long ago it was asked for.
  const auto is_free = [](const Entry& entry) { return entry.runner.use_count() == 1; };
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const bool idle = is_free(entry->second) && now - entry->second.used_at >= settings_.idle_time_max;
    entry = idle ? take(entry) : std::next(entry);
  }
  while (entries_.size() > settings_.pools_max) {
    auto oldest = entries_.end();
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry)
      if (is_free(entry->second) && (oldest == entries_.end() || entry->second.used_at < oldest->second.used_at)) oldest = entry;
    if (oldest == entries_.end()) break;
    take(oldest);
  }
}

void RunnerSet::retire_until_stopped() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait_for(lock, std::max(settings_.idle_time_max / 4, std::chrono::milliseconds(10)),
                      [this] { return stopping_ || !closing_.empty(); });
    take_unused(Clock::now());
    std::vector<Entry> closing = std::exchange(closing_, {});
    if (closing.empty()) continue;
    lock.unlock();
    closing.clear();
    lock.lock();
  }
}

}  // namespace wardian::session

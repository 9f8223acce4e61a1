#include "wardian/kernels/calendar.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/time_zone.h"

namespace wardian::kernels {
namespace {

/// The zone asked for last, whether it exists or not.
class ZoneCache {
 public:
  const TimeZone* find(Text name) {
    if (!read_ || name != name_) {
      name_ = name;
      zone_ = TimeZone::load(name);
      read_ = true;
    }
    return zone_.get();
  }

 private:
  bool read_ = false;
  std::string name_;
  std::unique_ptr<TimeZone> zone_;
};

std::optional<std::int64_t> in_range(std::int64_t ticks) {
  if (ticks < 0 || ticks > kMaxDatetimeTicks) return std::nullopt;
  return ticks;
}

std::optional<std::int64_t> to_local(ZoneCache& cache, std::int64_t ticks, Text name) {
  const TimeZone* zone = cache.find(name);
  if (zone == nullptr) return std::nullopt;
  return in_range(ticks + zone->offset_at(floor_divide(ticks - kUnixEpochTicks, kTicksPerSecond)) * kTicksPerSecond);
}

std::optional<std::int64_t> to_utc(ZoneCache& cache, std::int64_t ticks, Text name) {
  const TimeZone* zone = cache.find(name);
  if (zone == nullptr) return std::nullopt;
  const std::int64_t since_epoch = ticks - kUnixEpochTicks;
  const std::int64_t seconds = floor_divide(since_epoch, kTicksPerSecond);
  return in_range(zone->utc_of_local(seconds) * kTicksPerSecond + floor_modulo(since_epoch, kTicksPerSecond) + kUnixEpochTicks);
}

constexpr Kernel kKernels[] = {
    kernel<&to_utc>("wardian_datetime_local_to_utc"),
    kernel<&to_local>("wardian_datetime_utc_to_local"),
};

}  // namespace

std::span<const Kernel> time_zone_kernels() { return kKernels; }

}  // namespace wardian::kernels

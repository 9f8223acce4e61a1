#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wardian::kernels {

/// One zone of the system's time zone database (TZif files, RFC 8536).
class TimeZone {
 public:
  /// By its IANA name ("Europe/Brussels"); null for an unknown one. Reads a file: keep the result.
  static std::unique_ptr<TimeZone> load(std::string_view name);

  /// Seconds east of UTC at a moment, in seconds since 1970.
  std::int64_t offset_at(std::int64_t utc_seconds) const;

  /// The moment a wall clock shows that time. A time that the clock skips is read with the offset after the gap, one
  /// that it shows twice as the later.
  std::int64_t utc_of_local(std::int64_t local_seconds) const;

 private:
  std::vector<std::int64_t> transitions_;  // ascending
  std::vector<std::int64_t> offsets_;      // offsets_[i] holds before transitions_[i]; one more for after the last
};

/// The names that TimeZone::load() knows, in order. Walks the database: keep the result.
std::vector<std::string> time_zone_names();

}  // namespace wardian::kernels

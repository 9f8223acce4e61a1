#include "wardian/kernels/time_zone.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace wardian::kernels {
namespace {

constexpr const char* kDatabase = "/usr/share/zoneinfo/";

/// After 2037 the files hold a rule instead of transitions. Rules go by weekdays, and the calendar's weekdays repeat
/// after 28 years until 2100, so a later moment is looked up that much earlier.
constexpr std::int64_t kCycleSeconds = (28LL * 365 + 7) * 86'400;
constexpr std::int64_t kLastListedSeconds = 2'114'380'800;  // 2037-01-01

bool is_plain_name(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.size() > 64 || name.find("..") != std::string_view::npos) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' || c == '-' ||
           c == '+';
  });
}

/// A big-endian integer of `size` bytes with a sign.
std::int64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::int64_t value = static_cast<signed char>(bytes[at]) < 0 ? -1 : 0;
  for (std::size_t i = 0; i < size; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

struct Counts {
  std::size_t utc_flags, standard_flags, leaps, times, types, characters;
};

bool read_header(std::string_view bytes, std::size_t at, Counts& counts) {
  if (bytes.size() < at + 44 || bytes.substr(at, 4) != "TZif") return false;
  std::size_t* const fields[] = {&counts.utc_flags, &counts.standard_flags, &counts.leaps,
                                 &counts.times,     &counts.types,          &counts.characters};
  for (std::size_t i = 0; i < 6; ++i) *fields[i] = static_cast<std::size_t>(big_endian(bytes, at + 20 + 4 * i, 4)) & 0xFFFFFF;
  return true;
}
std::size_t body_size(const Counts& c, std::size_t time_size) {
  return c.times * (time_size + 1) + c.types * 6 + c.characters + c.leaps * (time_size + 4) + c.standard_flags + c.utc_flags;
}

}  // namespace

std::unique_ptr<TimeZone> TimeZone::load(std::string_view name) {
  if (!is_plain_name(name)) return nullptr;
  std::ifstream file(kDatabase + std::string(name), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  Counts counts{};
  if (!read_header(bytes, 0, counts)) return nullptr;
  std::size_t at = 44, time_size = 4;
  if (bytes[4] >= '2') {  // the second body holds 64-bit times
    at += body_size(counts, 4);
    if (!read_header(bytes, at, counts)) return nullptr;
    at += 44;
    time_size = 8;
  }
  if (counts.types == 0 || bytes.size() < at + body_size(counts, time_size)) return nullptr;
  const std::size_t indices_at = at + counts.times * time_size;
  const std::size_t types_at = indices_at + counts.times;
  const auto offset_of_type = [&](std::size_t type) { return big_endian(bytes, types_at + 6 * type, 4); };
  auto zone = std::make_unique<TimeZone>();
  std::size_t first = 0;  // before all transitions: the first type without daylight saving
  while (first + 1 < counts.types && bytes[types_at + 6 * first + 4] != 0) ++first;
  zone->offsets_.push_back(offset_of_type(first));
  for (std::size_t i = 0; i < counts.times; ++i) {
    const auto type = static_cast<unsigned char>(bytes[indices_at + i]);
    if (type >= counts.types) return nullptr;
    zone->transitions_.push_back(big_endian(bytes, at + i * time_size, time_size));
    zone->offsets_.push_back(offset_of_type(type));
  }
  return zone;
}

std::int64_t TimeZone::offset_at(std::int64_t utc_seconds) const {
  if (!transitions_.empty() && transitions_.back() >= kLastListedSeconds) {
    while (utc_seconds >= kLastListedSeconds) utc_seconds -= kCycleSeconds;
  }
  const auto after = std::upper_bound(transitions_.begin(), transitions_.end(), utc_seconds);
  return offsets_[static_cast<std::size_t>(after - transitions_.begin())];
}

std::int64_t TimeZone::utc_of_local(std::int64_t local_seconds) const {
  // The offsets a day before and after are the only candidates, since zones change at most once a day.
  const std::int64_t before = offset_at(local_seconds - 86'400);
  const std::int64_t after = offset_at(local_seconds + 86'400);
  const std::int64_t by_after = local_seconds - after;
  const std::int64_t by_before = local_seconds - before;
  if (offset_at(by_after) == after) return by_after;
  if (offset_at(by_before) == before) return by_before;
  return by_after;
}

std::vector<std::string> time_zone_names() {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code failed;
  const std::string root = kDatabase;
  for (fs::recursive_directory_iterator at(root, fs::directory_options::skip_permission_denied, failed), end;
       !failed && at != end; at.increment(failed)) {
    std::string name = at->path().string().substr(root.size());
    // The same zones once more, counted otherwise, and the machine's own.
    if (name == "posix" || name == "right" || name == "localtime" || name == "posixrules") {
      at.disable_recursion_pending();
      continue;
    }
    std::error_code unreadable;
    if (!at->is_regular_file(unreadable) || !is_plain_name(name)) continue;
    std::ifstream file(at->path(), std::ios::binary);
    char magic[4] = {};
    if (file.read(magic, sizeof magic) && std::string_view(magic, sizeof magic) == "TZif") names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace wardian::kernels

#pragma once

#include <array>
#include <ctime>
#include <string>

namespace wardian {

/// This moment as records keep it: "2026-11-28T06:23:37Z".
inline std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace wardian

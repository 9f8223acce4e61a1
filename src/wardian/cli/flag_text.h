#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace wardian::cli {

/// "500", "64KB", "512MB", "4GB", "1.5GiB": bytes, units are powers of 1024. nullopt for anything else and beyond 2^60.
std::optional<std::uint64_t> parse_byte_size(std::string_view text);

/// "500ms", "30s", "5m", "2h", "30" (seconds). nullopt for anything else, for zero and beyond a year.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace wardian::cli

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What flags were given as, to what they mean. Each throws CLI::ValidationError, which names the flag, for what means nothing.
namespace CLI {
class App;
}

namespace wardian::cli {

/// "NAME=VALUE" options, split; a value without "=" is wrong usage.
std::vector<std::pair<std::string, std::string>> split_pairs(const std::vector<std::string>& texts, const std::string& flag);

/// Sets `target` where the flag was given.
void read_size(const std::string& text, const std::string& flag, std::uint64_t& target);

/// nullopt where the flag was not given.
std::optional<std::chrono::milliseconds> read_time(const std::string& text, const std::string& flag);

void add_memory_option(CLI::App& command, std::string& given);
/// Of --memory: likewise, and not below what an engine needs.
void read_engine_memory(const std::string& text, std::uint64_t& target);

}  // namespace wardian::cli

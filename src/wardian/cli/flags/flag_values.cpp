#include "wardian/cli/flags/flag_values.h"

#include <CLI/CLI.hpp>

#include "wardian/cli/flag_text.h"

namespace wardian::cli {
namespace {

// Below, the engine cannot do anything useful.
constexpr std::uint64_t kEngineMemoryBytesMin = std::uint64_t{64} << 20;

}  // namespace

std::vector<std::pair<std::string, std::string>> split_pairs(const std::vector<std::string>& texts, const std::string& flag) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) throw CLI::ValidationError(flag, "needs NAME=VALUE, not: " + text);
    pairs.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return pairs;
}

void read_size(const std::string& text, const std::string& flag, std::uint64_t& target) {
  if (text.empty()) return;
  const auto bytes = parse_byte_size(text);
  if (!bytes) throw CLI::ValidationError(flag, "is no size: " + text + " (write 512MB, 4GB)");
  target = *bytes;
}

std::optional<std::chrono::milliseconds> read_time(const std::string& text, const std::string& flag) {
  if (text.empty()) return std::nullopt;
  const auto length = parse_duration(text);
  if (!length) throw CLI::ValidationError(flag, "is no time: " + text + " (write 500ms, 30s, 5m)");
  return length;
}

void add_memory_option(CLI::App& command, std::string& given) {
  command.add_option("--memory", given, "memory of the engine: 512MB, 4GB (default half of the machine's)")->type_name("SIZE");
}

void read_engine_memory(const std::string& text, std::uint64_t& target) {
  read_size(text, "--memory", target);
  if (!text.empty() && target < kEngineMemoryBytesMin)
    throw CLI::ValidationError("--memory", "is out of bounds: " + text + " (64MB or more)");
}

}  // namespace wardian::cli

#include "wardian/cli/flag_text.h"

#include <array>
#include <charconv>
#include <utility>

namespace wardian::cli {
namespace {

/// A number with one of the units behind it, times the unit's size.
template <std::size_t size>
std::optional<double> scaled(std::string_view text, const std::array<std::pair<std::string_view, double>, size>& units) {
  double amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error != std::errc() || !(amount >= 0)) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& [name, factor] : units) {
    if (name == unit) return amount * factor;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_byte_size(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 14> kUnits = {{{"", 1},
                                                                                  {"B", 1},
                                                                                  {"K", 0x1p10},
                                                                                  {"KB", 0x1p10},
                                                                                  {"KiB", 0x1p10},
                                                                                  {"M", 0x1p20},
                                                                                  {"MB", 0x1p20},
                                                                                  {"MiB", 0x1p20},
                                                                                  {"G", 0x1p30},
                                                                                  {"GB", 0x1p30},
                                                                                  {"GiB", 0x1p30},
                                                                                  {"T", 0x1p40},
                                                                                  {"TB", 0x1p40},
                                                                                  {"TiB", 0x1p40}}};
  const std::optional<double> bytes = scaled(text, kUnits);
  if (!bytes || *bytes >= 0x1p60) return std::nullopt;
  return static_cast<std::uint64_t>(*bytes);
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 5> kUnits = {
      {{"", 1e3}, {"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}}};
  const std::optional<double> length = scaled(text, kUnits);
  if (!length || *length < 1 || *length > 366.0 * 24 * 3600e3) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(*length));
}

}  // namespace wardian::cli

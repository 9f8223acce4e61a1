#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "wardian/base/similar_name.h"
#include "wardian/cli/answer/aligned_rows.h"
#include "wardian/cli/flag_text.h"
#include "wardian/cli/shell/commands.h"

namespace wardian::cli {
namespace {

/// What `.set NAME VALUE` sets: a row.
struct Setting {
  std::string_view name;
  std::string_view values;  // as the help shows them
  bool (*set)(Shell& shell, std::string_view value);
  std::string (*shown)(const Shell& shell);
};

bool read_switch(std::string_view value, bool& flag) {
  if (value != "on" && value != "off") return false;
  flag = value == "on";
  return true;
}

std::string shown_switch(bool flag) { return flag ? "on" : "off"; }

bool set_format(Shell& shell, std::string_view value) {
  const auto format = answer_format(value);
  if (!format || !is_text(*format)) return false;
  shell.options.format = *format;
  return true;
}
std::string shown_format(const Shell& shell) {
  static constexpr std::array<const char*, 4> kNames = {"table", "json", "jsonl", "csv"};
  return kNames[static_cast<std::size_t>(shell.options.format)];
}

bool set_limit(Shell& shell, std::string_view value) {
  if (value == "none") {
    shell.rows_shown.reset();
    return true;
  }
  std::uint64_t rows = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), rows);
  if (error != std::errc() || end != value.data() + value.size()) return false;
  shell.rows_shown = rows;
  return true;
}
std::string shown_limit(const Shell& shell) { return shell.rows_shown ? std::to_string(*shell.rows_shown) : "none"; }

bool set_timeout(Shell& shell, std::string_view value) {
  if (value == "none") {
    shell.options.timeout.reset();
    return true;
  }
  const auto time = parse_duration(value);
  if (!time || time->count() <= 0) return false;
  shell.options.timeout = *time;
  return true;
}
std::string shown_timeout(const Shell& shell) {
  if (!shell.options.timeout) return "none";
  const auto ms = shell.options.timeout->count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + "s" : std::to_string(ms) + "ms";
}

constexpr auto kSettings = std::to_array<Setting>({
    {"format", "table, json, jsonl or csv", &set_format, &shown_format},
    {"limit", "a number of rows, or none", &set_limit, &shown_limit},
    {"pager", "on or off", [](Shell& shell, std::string_view value) { return read_switch(value, shell.paged); },
     [](const Shell& shell) { return shown_switch(shell.paged); }},
    {"timeout", "a time such as 500ms, 30s or 5m, or none", &set_timeout, &shown_timeout},
    {"timing", "on or off", [](Shell& shell, std::string_view value) { return read_switch(value, shell.timing); },
     [](const Shell& shell) { return shown_switch(shell.timing); }},
});
static_assert(std::ranges::is_sorted(kSettings, {}, &Setting::name));

Status set(Shell& shell, const CommandCall& call) {
  if (call.arguments.empty()) {
    std::vector<std::vector<std::string>> rows;
    for (const Setting& one : kSettings)
      rows.push_back({std::string(one.name), one.shown(shell), "(" + std::string(one.values) + ")"});
    std::fputs(aligned_rows(
                   rows, [](std::size_t, std::size_t) { return false; }, 2)
                   .c_str(),
               stdout);
    return {};
  }
  const std::string_view name = call.arguments.substr(0, call.arguments.find_first_of(" \t="));
  const std::size_t at = call.arguments.find_first_not_of(" \t=", name.size());
  const std::string_view value = call.arguments.substr(std::min(at, call.arguments.size()));
  const auto* const found = std::ranges::find(kSettings, name, &Setting::name);
  if (found == kSettings.end()) {
    std::vector<std::string_view> names;
    std::string all;
    for (const Setting& one : kSettings) {
      names.push_back(one.name);
      all += (all.empty() ? "" : ", ") + std::string(one.name);
    }
    std::string near = did_you_mean(name, names);
    return command_error(call, name, "The shell has no such setting: " + std::string(name),
                         near.empty() ? "The settings are " + all : std::move(near));
  }
  if (value.empty()) {
    std::printf("  %s  %s\n", std::string(found->name).c_str(), found->shown(shell).c_str());
    return {};
  }
  if (found->set(shell, value)) return {};
  return command_error(call, value, ".set " + std::string(name) + " takes " + std::string(found->values));
}

constexpr auto kCommands = std::to_array<ShellCommand>({
    {"set", "[NAME [VALUE]]", "Shows or changes the settings: format, limit, pager, timeout, timing.", &set},
});

}  // namespace

std::span<const ShellCommand> set_commands() { return kCommands; }

std::vector<SettingHelp> shell_settings() {
  std::vector<SettingHelp> made;
  for (const Setting& one : kSettings) made.push_back({one.name, one.values});
  return made;
}

}  // namespace wardian::cli

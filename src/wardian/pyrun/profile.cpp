#include "wardian/pyrun/profile.h"

#include <simdjson.h>

#include <algorithm>

#include "wardian/sandbox/console.h"

namespace wardian::pyrun {
namespace {

using simdjson::dom::element;
using std::chrono::nanoseconds;

constexpr std::size_t kLinesMax = 1000;
constexpr std::size_t kImportsMax = 100;
constexpr std::size_t kNameBytesMax = 100;
constexpr std::int64_t kMemoryBytesMax = std::int64_t{1} << 50;

/// A time within what there was; 0 for what is none.
nanoseconds time_of(const simdjson::simdjson_result<element>& value, nanoseconds most) {
  std::uint64_t time = 0;
  if (value.get(time) != simdjson::SUCCESS) return {};
  return nanoseconds(static_cast<std::int64_t>(std::min<std::uint64_t>(time, static_cast<std::uint64_t>(most.count()))));
}

void read_lines(const element& account, std::size_t script_lines, nanoseconds most, Profile& profile) {
  simdjson::dom::array lines;
  if (account["lines"].get(lines) != simdjson::SUCCESS) return;
  for (const element line : lines) {
    simdjson::dom::array parts;
    std::uint64_t number = 0, hits = 0;
    std::int64_t memory = 0;
    if (profile.lines.size() == kLinesMax || line.get(parts) != simdjson::SUCCESS ||
        parts.at(0).get(number) != simdjson::SUCCESS || parts.at(1).get(hits) != simdjson::SUCCESS || number == 0 ||
        number > script_lines || hits > UINT32_MAX)
      continue;
    if (parts.at(3).get(memory) != simdjson::SUCCESS || memory > kMemoryBytesMax || memory < -kMemoryBytesMax) memory = 0;
    profile.lines.push_back({static_cast<std::uint32_t>(number), hits, time_of(parts.at(2), most), memory});
  }
  std::ranges::stable_sort(profile.lines, {}, &LineCost::line);
  const auto twice = std::ranges::unique(profile.lines, {}, &LineCost::line);
  profile.lines.erase(twice.begin(), twice.end());
}

std::string shown_name(std::string_view name) {
  std::string shown = sandbox::printable(name.substr(0, kNameBytesMax));
  std::ranges::replace_if(
      shown, [](char sign) { return sign == '\n' || sign == '\t'; }, ' ');
  return shown;
}

void read_imports(const element& account, nanoseconds most, Profile& profile) {
  simdjson::dom::array imports;
  if (account["imports"].get(imports) != simdjson::SUCCESS) return;
  for (const element entry : imports) {
    simdjson::dom::array parts;
    std::string_view name;
    if (profile.imports.size() == kImportsMax || entry.get(parts) != simdjson::SUCCESS ||
        parts.at(0).get(name) != simdjson::SUCCESS)
      continue;
    profile.imports.push_back({shown_name(name), time_of(parts.at(1), most)});
  }
  std::ranges::stable_sort(profile.imports, std::ranges::greater(), &ImportCost::time);
}

}  // namespace

void read_account(std::string_view reply, std::size_t script_lines, nanoseconds wall_time, Profile& profile) {
  simdjson::dom::parser parser;
  element root, account;
  if (parser.parse(reply.data(), reply.size(), true).get(root) != simdjson::SUCCESS ||
      root["profile"].get(account) != simdjson::SUCCESS) {
    profile.calls_silent = 1;
    profile.sandbox = wall_time;
    return;
  }
  // Parts of one whole: what they would be more than that is not believed.
  nanoseconds left = wall_time;
  const auto take = [&](std::string_view name) {
    const nanoseconds time = time_of(account[name], left);
    left -= time;
    return time;
  };
  profile.input_built = take("inputs");
  profile.script = take("script");
  profile.output_written = take("outputs");
  profile.sandbox = left;
  profile.imports_total = time_of(account["imports_total"], profile.script);
  std::uint64_t left_out = 0;
  if (account["lines_left_out"].get(left_out) == simdjson::SUCCESS)
    profile.lines_left_out = std::min<std::uint64_t>(left_out, script_lines);
  // Threads may have spent more than passed on the clock.
  const nanoseconds most = wall_time * 1000;
  read_lines(account, script_lines, most, profile);
  read_imports(account, most, profile);
}

void add(Profile& whole, const Profile& one) {
  whole.calls += one.calls;
  whole.calls_silent += one.calls_silent;
  whole.rows_in += one.rows_in;
  whole.rows_out += one.rows_out;
  for (const auto part : {&Profile::input_written, &Profile::sandbox, &Profile::input_built, &Profile::script,
                          &Profile::imports_total, &Profile::output_written, &Profile::output_checked})
    whole.*part += one.*part;
  whole.memory_bytes_peak = std::max(whole.memory_bytes_peak, one.memory_bytes_peak);
  whole.lines_left_out = std::max(whole.lines_left_out, one.lines_left_out);
  for (const LineCost& line : one.lines) {
    const auto at = std::ranges::lower_bound(whole.lines, line.line, {}, &LineCost::line);
    if (at == whole.lines.end() || at->line != line.line) {
      whole.lines.insert(at, line);
      continue;
    }
    at->hits += line.hits;
    at->time += line.time;
    at->memory_bytes += line.memory_bytes;
  }
  for (const ImportCost& entry : one.imports) {
    const auto at = std::ranges::find(whole.imports, entry.package, &ImportCost::package);
    if (at == whole.imports.end()) {
      if (whole.imports.size() < kImportsMax) whole.imports.push_back(entry);
    } else {
      at->time += entry.time;
    }
  }
  std::ranges::stable_sort(whole.imports, std::ranges::greater(), &ImportCost::time);
}

}  // namespace wardian::pyrun

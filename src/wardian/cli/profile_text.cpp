#include "wardian/cli/profile_text.h"

#include <algorithm>
#include <cstdio>

#include "wardian/cli/answer/aligned_rows.h"
#include "wardian/cli/answer/display_width.h"
#include "wardian/kernels/json_text.h"

namespace wardian::cli {
namespace {

using std::chrono::nanoseconds;

constexpr int kCodeWidthMax = 100;
constexpr std::size_t kImportsShown = 10;

std::string seconds(nanoseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", static_cast<double>(time.count()) / 1e9);
  return text;
}

std::string with_commas(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

/// "12.3 MB", in steps of 1024.
std::string bytes_text(std::int64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "KB", "MB", "GB", "TB"};
  auto size = static_cast<double>(bytes < 0 ? -bytes : bytes);
  std::size_t unit = 0;
  for (; size >= 1023.95 && unit + 1 < std::size(kUnits); ++unit) size /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%s%.0f %s" : "%s%.1f %s", bytes < 0 ? "-" : "", size, kUnits[unit]);
  return text;
}

std::vector<std::string> lines_of(const std::string& script) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin <= script.size();) {
    const std::size_t end = std::min(script.find('\n', begin), script.size());
    lines.push_back(script.substr(begin, end - begin));
    if (lines.back().ends_with('\r')) lines.back().pop_back();
    begin = end + 1;
  }
  return lines;
}

std::string code_of(const std::vector<std::string>& lines, std::uint32_t line) {
  return line <= lines.size() ? lines[line - 1] : std::string();
}

/// Cells under their headings; all but the last column to the right.
void append_table(std::string& out, const std::vector<std::vector<std::string>>& rows) {
  out += aligned_rows(
      rows, [](std::size_t column, std::size_t columns) { return column + 1 < columns; }, 2);
}

struct Phase {
  const char* json_name;
  const char* words;
  nanoseconds pyrun::Profile::*time;
};

constexpr Phase kPhases[] = {
    {"input_written", "the query's rows, computed and written for Python", &pyrun::Profile::input_written},
    {"sandbox", "a sandbox: had, told, ended", &pyrun::Profile::sandbox},
    {"input_built", "df and kargs built", &pyrun::Profile::input_built},
    {"imports", "script: imports", &pyrun::Profile::imports_total},
    {"run", "script: all else", &pyrun::Profile::script},
    {"output_written", "result converted and written", &pyrun::Profile::output_written},
    {"output_checked", "result checked", &pyrun::Profile::output_checked},
};

nanoseconds time_of(const Phase& phase, const pyrun::Profile& costs) {
  const nanoseconds time = costs.*phase.time;
  return phase.time == &pyrun::Profile::script ? time - costs.imports_total : time;
}

void append_profile(std::string& out, const session::PythonProfile& profile) {
  const pyrun::Profile& costs = profile.costs;
  out += "Python at line " + std::to_string(profile.script_line) + ": " +
         (costs.calls == 1 ? "1 call" : with_commas(costs.calls) + " calls, times added up") + ", " + with_commas(costs.rows_in) +
         " rows in, " + with_commas(costs.rows_out) + " rows out, " +
         bytes_text(static_cast<std::int64_t>(costs.memory_bytes_peak)) + " at the peak\n";
  if (costs.calls_silent > 0)
    out += "  " + with_commas(costs.calls_silent) + (costs.calls_silent == 1 ? " call was" : " calls were") +
           " ended before the script could tell; what it took stands beside the sandbox\n";
  std::vector<std::vector<std::string>> phases = {{"seconds", "%", ""}};
  const double whole = std::max<double>(1, static_cast<double>(costs.total().count()));
  const auto share = [&](nanoseconds time) {
    char text[16];
    std::snprintf(text, sizeof text, "%.1f", 100.0 * static_cast<double>(time.count()) / whole);
    return std::string(text);
  };
  for (const Phase& phase : kPhases) {
    const nanoseconds time = time_of(phase, costs);
    phases.push_back({seconds(time), share(time), phase.words});
  }
  phases.push_back({seconds(costs.total()), "100.0", "all"});
  append_table(out, phases);
  if (!costs.imports.empty()) {
    std::vector<std::vector<std::string>> imports = {{"seconds", "import"}};
    for (const pyrun::ImportCost& entry : std::span(costs.imports).first(std::min(kImportsShown, costs.imports.size())))
      imports.push_back({seconds(entry.time), on_one_line(entry.package)});
    nanoseconds rest = costs.imports_total;
    for (std::size_t at = 0; at < std::min(kImportsShown, costs.imports.size()); ++at) rest -= costs.imports[at].time;
    if (costs.imports.size() > kImportsShown) imports.push_back({seconds(std::max(rest, nanoseconds(0))), "others"});
    out += '\n';
    append_table(out, imports);
  }
  if (!costs.lines.empty()) {
    const std::vector<std::string> code = lines_of(profile.script);
    std::vector<std::vector<std::string>> lines = {{"line", "hits", "seconds", "memory", ""}};
    for (const pyrun::LineCost& line : costs.lines)
      lines.push_back({std::to_string(line.line), with_commas(line.hits), seconds(line.time), bytes_text(line.memory_bytes),
                       clipped(on_one_line(code_of(code, line.line)), kCodeWidthMax)});
    out += '\n';
    append_table(out, lines);
    if (costs.lines_left_out > 0) out += "  and " + with_commas(costs.lines_left_out) + " cheaper lines\n";
  }
}

}  // namespace

std::string profile_text(std::span<const session::PythonProfile> profiles) {
  if (profiles.empty()) return "The query ran no Python.\n";
  std::string out;
  for (const session::PythonProfile& profile : profiles) {
    if (!out.empty()) out += '\n';
    append_profile(out, profile);
  }
  return out;
}

std::string profile_json(std::span<const session::PythonProfile> profiles) {
  std::string out;
  kernels::JsonArrayWriter list(out);
  for (const session::PythonProfile& profile : profiles) {
    const pyrun::Profile& costs = profile.costs;
    const std::vector<std::string> code = lines_of(profile.script);
    std::string phases, imports, lines, whole;
    kernels::JsonObjectWriter phase_json(phases);
    for (const Phase& phase : kPhases) phase_json.add(phase.json_name, seconds(time_of(phase, costs)));
    phase_json.add("total", seconds(costs.total()));
    phase_json.close();
    kernels::JsonArrayWriter import_json(imports);
    for (const pyrun::ImportCost& entry : costs.imports) {
      std::string one;
      kernels::JsonObjectWriter object(one);
      object.add_string("package", entry.package);
      object.add("seconds", seconds(entry.time));
      object.close();
      import_json.add(one);
    }
    import_json.close();
    kernels::JsonArrayWriter line_json(lines);
    for (const pyrun::LineCost& line : costs.lines) {
      std::string one;
      kernels::JsonObjectWriter object(one);
      object.add("line", std::to_string(line.line));
      object.add("hits", std::to_string(line.hits));
      object.add("seconds", seconds(line.time));
      object.add("memory_bytes", std::to_string(line.memory_bytes));
      object.add_string("text", code_of(code, line.line));
      object.close();
      line_json.add(one);
    }
    line_json.close();
    kernels::JsonObjectWriter object(whole);
    object.add("script_line", std::to_string(profile.script_line));
    object.add("calls", std::to_string(costs.calls));
    object.add("calls_silent", std::to_string(costs.calls_silent));
    object.add("rows_in", std::to_string(costs.rows_in));
    object.add("rows_out", std::to_string(costs.rows_out));
    object.add("memory_bytes_peak", std::to_string(costs.memory_bytes_peak));
    object.add("seconds", phases);
    object.add("imports", imports);
    object.add("lines", lines);
    object.add("lines_left_out", std::to_string(costs.lines_left_out));
    object.close();
    list.add(whole);
  }
  list.close();
  return out;
}

}  // namespace wardian::cli

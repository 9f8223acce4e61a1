// What the doctor found, for people and for programs.
#include <algorithm>

#include "wardian/sandbox/doctor.h"
#include "wardian/sandbox/json_text.h"

namespace wardian::sandbox {
namespace {

std::string milliseconds(std::chrono::microseconds time) {
  const auto tenths = (time.count() + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

template <class Range, class Print>
std::string json_array(const Range& range, Print print) {
  std::string text = "[";
  for (const auto& one : range) text += (text.size() > 1 ? ", " : "") + print(one);
  return text + "]";
}

}  // namespace

bool DoctorReport::sound() const { return failure.empty() && !probes.empty() && std::ranges::all_of(probes, &ProbeResult::held); }

std::string DoctorReport::words() const {
  std::string text = "Sandbox level " + std::string(level_name(choice.level)) + " of A (strongest) to F (none)\n";
  for (const std::string& sentence : choice.missing) text += "  missing: " + sentence + "\n";
  for (const std::string& sentence : choice.lost) text += "  lost:    " + sentence + "\n";
  text += "\nMachine\n";
  for (const Finding& finding : findings)
    text += std::string(finding.good ? "  " : "! ") + padded(finding.name, 26) + padded(finding.value, 20) + " " + finding.words +
            "\n";
  text += "\nEscape probes, run in a sandbox just now\n";
  for (const ProbeResult& probe : probes)
    text += std::string(probe.held ? "  " : "! ") + padded(probe.name, 26) + (probe.held ? "held      " : "NOT HELD  ") +
            probe.told + "\n";
  if (!failure.empty()) text += "! none ran: " + failure + "\n";
  if (!probes.empty())
    text += "\nA sandbox is made in " + milliseconds(slot_time) + " and answered a probe in " + milliseconds(probe_time) + ".\n";
  return text;
}

std::string DoctorReport::json() const {
  const auto sentence = [](const std::string& text) { return json_string(text); };
  std::string text = "{\"level\": " + json_string(level_name(choice.level)) + ", \"sound\": " + (sound() ? "true" : "false");
  text += ", \"missing\": " + json_array(choice.missing, sentence) + ", \"lost\": " + json_array(choice.lost, sentence);
  text += ", \"findings\": " + json_array(findings, [](const Finding& finding) {
            return "{\"name\": " + json_string(finding.name) + ", \"value\": " + json_string(finding.value) +
                   ", \"good\": " + (finding.good ? "true" : "false") + ", \"words\": " + json_string(finding.words) + "}";
          });
  text += ", \"probes\": " + json_array(probes, [](const ProbeResult& probe) {
            return "{\"name\": " + json_string(probe.name) + ", \"held\": " + (probe.held ? "true" : "false") +
                   ", \"told\": " + json_string(probe.told) + "}";
          });
  text += ", \"failure\": " + json_string(failure) + ", \"slot_time_us\": " + std::to_string(slot_time.count()) +
          ", \"probe_time_us\": " + std::to_string(probe_time.count()) + "}";
  return text;
}

}  // namespace wardian::sandbox

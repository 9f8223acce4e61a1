#include "wardian/image/python_version.h"

#include <array>
#include <charconv>

#include "wardian/base/split.h"
#include "wardian/kernels/number_text.h"

namespace wardian::image {
namespace {

/// A version as a specifier writes it: one to three numbers, perhaps ".*" behind.
struct Pattern {
  std::array<int, 3> numbers{};
  std::size_t count = 0;
  bool star = false;
};

std::optional<Pattern> parse_pattern(std::string_view text) {
  Pattern pattern;
  while (pattern.count < 3) {
    if (text == "*" && pattern.count > 0) {
      pattern.star = true;
      return pattern;
    }
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 0) return std::nullopt;
    pattern.numbers[pattern.count++] = number;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty() || text.front() != '.') break;
    text.remove_prefix(1);
  }
  if (text == "*") pattern.star = true;
  // Behind the numbers: a pre-release ("rc1") or a further part, which no CPython release has.
  return pattern;
}

PythonVersion version_of(const Pattern& pattern) { return {pattern.numbers[0], pattern.numbers[1], pattern.numbers[2]}; }

bool begins_with(const PythonVersion& version, const Pattern& pattern, std::size_t count) {
  const std::array<int, 3> numbers{version.major, version.minor, version.micro};
  for (std::size_t at = 0; at < count; ++at)
    if (numbers[at] != pattern.numbers[at]) return false;
  return true;
}

using Holds = bool (*)(const PythonVersion&, const Pattern&);
struct Clause {
  std::string_view sign;
  Holds holds;
};

bool equal(const PythonVersion& version, const Pattern& pattern) {
  return pattern.star ? begins_with(version, pattern, pattern.count) : version == version_of(pattern);
}

// Longer signs before those that they begin with.
constexpr Clause kClauses[] = {
    {"===", &equal},
    {"==", &equal},
    {"!=", [](const PythonVersion& version, const Pattern& pattern) { return !equal(version, pattern); }},
    {"~=",
     [](const PythonVersion& version, const Pattern& pattern) {
       return pattern.count >= 2 && version >= version_of(pattern) && begins_with(version, pattern, pattern.count - 1);
     }},
    {"<=", [](const PythonVersion& version, const Pattern& pattern) { return version <= version_of(pattern); }},
    {">=", [](const PythonVersion& version, const Pattern& pattern) { return version >= version_of(pattern); }},
    {"<", [](const PythonVersion& version, const Pattern& pattern) { return version < version_of(pattern); }},
    {">", [](const PythonVersion& version, const Pattern& pattern) { return version > version_of(pattern); }},
};

}  // namespace

std::string PythonVersion::text() const {
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(micro);
}

std::optional<PythonVersion> parse_version(std::string_view text) {
  const auto pattern = parse_pattern(kernels::trimmed(text));
  if (!pattern || pattern->count < 2 || pattern->star) return std::nullopt;
  return version_of(*pattern);
}

Result<bool> satisfies(const PythonVersion& version, std::string_view specifiers) {
  bool all = true;
  for (const std::string_view part : split(specifiers, ',')) {
    const std::string_view clause = kernels::trimmed(part);
    if (clause.empty()) continue;
    bool known = false;
    for (const auto& [sign, holds] : kClauses) {
      if (!clause.starts_with(sign)) continue;
      const auto pattern = parse_pattern(kernels::trimmed(clause.substr(sign.size())));
      if (!pattern) break;
      known = true;
      all = all && holds(version, *pattern);
      break;
    }
    if (!known)
      return Error{ErrorCode::bad_argument, "Not a condition on a Python version: " + std::string(clause), {}, "Such as >=3.10"};
  }
  return all;
}

}  // namespace wardian::image

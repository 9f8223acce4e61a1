#include "wardian/image/covering.h"

#include <algorithm>

namespace wardian::image {
namespace {

bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool is_plain(std::string_view version) {
  return std::ranges::all_of(version, [](char c) { return (c >= '0' && c <= '9') || c == '.'; }) &&
         std::ranges::count(version, '.') <= 2;
}

bool covers_one(const Manifest& there, std::string_view dependency) {
  const auto end = std::ranges::find_if_not(dependency, in_name);
  const std::string_view name(dependency.begin(), end);
  const std::string_view conditions(end, dependency.end());
  const std::string version = there.version_of(name);
  if (name.empty() || version.empty()) return false;
  if (conditions.find_first_not_of(" \t") == std::string_view::npos) return true;
  const auto parsed = parse_version(version);
  if (!parsed || !is_plain(version)) return false;
  // Of anything but numbers in a condition (1.0rc1, 1.0.post2) no more can be said here.
  if (std::ranges::any_of(conditions, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); })) return false;
  const auto satisfied = satisfies(*parsed, conditions);
  return satisfied.ok() && *satisfied;
}

}  // namespace

bool covers(const std::vector<Package>& packages, const PythonVersion& python, const InlineMetadata& metadata) {
  const auto right_python = satisfies(python, metadata.requires_python);
  if (!right_python.ok() || !*right_python) return false;
  Manifest there;
  there.packages = packages;
  return std::ranges::all_of(metadata.dependencies, [&](const std::string& dependency) { return covers_one(there, dependency); });
}

}  // namespace wardian::image

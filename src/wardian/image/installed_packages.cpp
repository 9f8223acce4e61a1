#include "wardian/image/installed_packages.h"

#include <algorithm>
#include <fstream>

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

/// Names and versions become lines of requirements files and of what people are shown, so they hold nothing else than the specifications
/// of names and of versions allow (PEP 508, PEP 440).
bool is_plain(std::string_view text, std::string_view more) {
  return !text.empty() && text.front() != '-' && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || more.find(c) != std::string_view::npos;
  });
}

/// Name and version from the head of a METADATA or PKG-INFO file.
Package read_metadata(const fs::path& file) {
  constexpr std::string_view kName = "Name: ", kVersion = "Version: ";
  Package package;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) break;
    if (line.starts_with(kName)) package.name = line.substr(kName.size());
    if (line.starts_with(kVersion)) package.version = line.substr(kVersion.size());
  }
  return package;
}

}  // namespace

std::vector<Package> installed_packages(const fs::path& site_packages) {
  std::vector<Package> packages;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(site_packages, error)) {
    const std::string name = entry.path().filename().string();
    fs::path file;
    if (name.ends_with(".dist-info")) file = entry.path() / "METADATA";
    if (name.ends_with(".egg-info")) file = entry.is_directory(error) ? entry.path() / "PKG-INFO" : entry.path();
    if (file.empty()) continue;
    if (Package package = read_metadata(file); is_plain(package.name, "._-") && is_plain(package.version, ".+!_-"))
      packages.push_back(std::move(package));
  }
  std::ranges::sort(packages, {}, &Package::name);
  return packages;
}

std::uint64_t bytes_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, error); entry != fs::recursive_directory_iterator();
       entry.increment(error)) {
    if (error) break;
    if (entry->is_regular_file(error) && !entry->is_symlink(error)) bytes += entry->file_size(error);
  }
  return bytes;
}

}  // namespace wardian::image

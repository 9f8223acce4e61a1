#include "wardian/image/pip_report.h"

#include <simdjson.h>

#include <algorithm>
#include <vector>

namespace wardian::image {
namespace {

using simdjson::dom::element;

Error bad(const std::string& why) { return Error{ErrorCode::image_failed, "pip's report cannot be read: " + why, {}, {}}; }

std::string_view text_at(const element& object, std::string_view key) {
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) return {};
  return text;
}

/// The archive's SHA-256: under "hashes", or as older versions wrote it, "hash": "sha256=…".
std::string hash_of(const element& item) {
  element archive;
  if (item["download_info"]["archive_info"].get(archive) != simdjson::SUCCESS) return {};
  std::string_view hash;
  if (archive["hashes"]["sha256"].get(hash) == simdjson::SUCCESS) return std::string(hash);
  hash = text_at(archive, "hash");
  constexpr std::string_view kOlder = "sha256=";
  return hash.starts_with(kOlder) ? std::string(hash.substr(kOlder.size())) : std::string();
}

}  // namespace

Result<std::string> lock_of_pip_report(std::string_view json) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(json.data(), json.size(), true).get(root) != simdjson::SUCCESS) return bad("it is no JSON");
  simdjson::dom::array items;
  if (root["install"].get(items) != simdjson::SUCCESS) return bad("it lists no packages");
  std::vector<std::string> lines;
  for (const element item : items) {
    element metadata;
    if (item["metadata"].get(metadata) != simdjson::SUCCESS) return bad("a package has no metadata");
    const std::string name(text_at(metadata, "name"));
    const std::string version(text_at(metadata, "version"));
    const std::string hash = hash_of(item);
    if (name.empty() || version.empty()) return bad("a package has no name");
    if (hash.empty())
      return Error{ErrorCode::image_failed,
                   "Only packages whose content has a hash can be in an image: " + name,
                   {},
                   "Name a version of an index, or a wheel, instead of a folder or a repository"};
    std::string_view place;
    bool direct = false;
    if (item["is_direct"].get(direct) != simdjson::SUCCESS || item["download_info"]["url"].get(place) != simdjson::SUCCESS)
      direct = false;
    lines.push_back(name + (direct ? " @ " + std::string(place) : "==" + version) + " --hash=sha256:" + hash + "\n");
  }
  std::ranges::sort(lines);
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

}  // namespace wardian::image

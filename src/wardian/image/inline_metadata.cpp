#include "wardian/image/inline_metadata.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>

#include "wardian/base/hexadecimal.h"

namespace wardian::image {
namespace {

constexpr std::size_t kDependenciesMax = 200;
constexpr std::size_t kDependencyBytesMax = 1000;
constexpr std::size_t kShownBytesMax = 100;  // and nothing of a place, in which a password may stand

Error bad(std::string message, std::size_t line) {
  return Error{ErrorCode::bad_argument,
               "The script's metadata at its line " + std::to_string(line) + ": " + std::move(message),
               {},
               "# /// script, then lines of TOML each behind \"# \", then # ///"};
}

std::string_view without_indent(std::string_view line, std::string_view indent) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with(indent)) line.remove_prefix(indent.size());
  return line;
}

/// The TOML of the block, and where it begins.
struct Block {
  std::string toml;
  std::size_t line = 0;
};

Result<std::optional<Block>> find_block(std::string_view script) {
  std::optional<Block> found;
  std::optional<Block> open;
  std::string toml_until_end;  // up to the last line that may end the block
  bool ended = false;
  std::string_view indent;
  std::size_t number = 0;
  const auto close = [&]() -> Status {
    if (!open || !ended) {
      open.reset();
      return {};
    }
    if (found) return bad("there is a second block", open->line);
    found = Block{std::move(toml_until_end), open->line};
    open.reset();
    return {};
  };
  while (!script.empty()) {
    const std::size_t end = script.find('\n');
    std::string_view line = script.substr(0, end);
    script.remove_prefix(end == std::string_view::npos ? script.size() : end + 1);
    ++number;
    if (!open) {
      const std::size_t blank = line.find_first_not_of(" \t");
      if (blank == std::string_view::npos) continue;
      indent = line.substr(0, blank);
      if (without_indent(line, indent) != "# /// script") continue;
      open = Block{{}, number};
      toml_until_end.clear();
      ended = false;
      continue;
    }
    line = without_indent(line, indent);
    if (line != "#" && !line.starts_with("# ")) {
      WARDIAN_TRY(close());
      continue;
    }
    if (line == "# ///") {
      // The last such line of the comment ends the block: the text may hold others.
      ended = true;
      toml_until_end = open->toml;
    }
    open->toml += std::string(line.substr(std::min<std::size_t>(2, line.size()))) + "\n";
  }
  WARDIAN_TRY(close());
  return found;
}

}  // namespace

Result<std::optional<InlineMetadata>> inline_metadata(std::string_view script) {
  if (script.find("# /// script") == std::string_view::npos) return std::optional<InlineMetadata>();
  WARDIAN_ASSIGN(const std::optional<Block> block, find_block(script));
  if (!block) return std::optional<InlineMetadata>();
  InlineMetadata metadata;
  try {
    const toml::table table = toml::parse(block->toml);
    if (const toml::node* wanted = table.get("requires-python")) {
      const auto text = wanted->value<std::string>();
      if (!text) return bad("requires-python is no text", block->line);
      metadata.requires_python = *text;
    }
    if (const toml::node* wanted = table.get("dependencies")) {
      const toml::array* list = wanted->as_array();
      if (list == nullptr) return bad("dependencies is no list of texts", block->line);
      for (const toml::node& item : *list) {
        const auto text = item.value<std::string>();
        if (!text) return bad("dependencies is no list of texts", block->line);
        metadata.dependencies.push_back(*text);
      }
    }
  } catch (const toml::parse_error& error) {
    return bad(std::string(error.description()), block->line + error.source().begin.line);
  }
  if (metadata.dependencies.size() > kDependenciesMax) return bad("more than 200 dependencies", block->line);
  return std::optional(std::move(metadata));
}

Result<std::string> requirements_of(const InlineMetadata& metadata) {
  std::vector<std::string> lines;
  for (const std::string& dependency : metadata.dependencies) {
    const bool sound =
        !dependency.empty() && dependency.size() <= kDependencyBytesMax && dependency.front() != '-' &&
        // Names, versions, extras and markers (PEP 508). Not "name @ place" nor places: a script chooses packages, not where they
        // come from. Nor "${NAME}": pip would fill in what the engine's environment has there.
        std::ranges::all_of(dependency, [](char c) {
          return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                 std::string_view(" ._-+!<>=~,;[]()*'\"").find(c) != std::string_view::npos;
        });
    if (!sound)
      return Error{ErrorCode::bad_argument,
                   "A script's dependency names packages of the index only: " +
                       dependency.substr(0, std::min(dependency.find('@'), kShownBytesMax)),
                   {},
                   "Such as \"polars>=1\""};
    lines.push_back(dependency);
  }
  std::ranges::sort(lines);
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string image_name_of(std::string_view requirements, std::string_view requires_python) {
  // FNV-1a. Two texts of one name are told apart by whoever uses the image: it keeps its text.
  std::uint64_t hash = 14695981039346656037ULL;
  const auto add = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    hash = (hash ^ 0xffU) * 1099511628211ULL;
  };
  add(requirements);
  add(requires_python);
  return "script-" + hexadecimal(hash);
}

}  // namespace wardian::image

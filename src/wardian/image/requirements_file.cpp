#include "wardian/image/requirements_file.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include "wardian/kernels/number_text.h"

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDepthMax = 10;
constexpr std::size_t kBytesMax = std::size_t{1} << 20;

/// What follows an option at the beginning of a line, in each of the forms that pip reads: "-r x", "-rx", "--requirement=x".
std::string_view option_value(std::string_view line, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (!line.starts_with(name)) continue;
    std::string_view rest = line.substr(name.size());
    if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t' && rest.front() != '=' && name.starts_with("--")) continue;
    rest = kernels::trimmed(rest);
    if (rest.starts_with('=')) rest = kernels::trimmed(rest.substr(1));
    return kernels::trimmed(rest.substr(0, rest.find(" #")));
  }
  return {};
}

Error at_line(const fs::path& file, std::size_t line, const std::string& why, std::string hint = {}) {
  return Error{ErrorCode::bad_file, file.string() + ", line " + std::to_string(line) + ": " + why, {}, std::move(hint)};
}

Status append_file(const fs::path& file, std::vector<fs::path>& open, std::string& text);

Status append_line(std::string_view line, const fs::path& file, std::size_t number, std::vector<fs::path>& open,
                   std::string& text) {
  const std::string_view bare = kernels::trimmed(line);
  if (!option_value(bare, {"--editable", "-e"}).empty())
    return at_line(file, number, "an image holds copies, so nothing can be editable in it",
                   "Name a wheel or a version of an index");
  if (const std::string_view other = option_value(bare, {"--requirement", "-r"}); !other.empty())
    return append_file(file.parent_path() / other, open, text);
  if (!option_value(bare, {"--constraint", "-c"}).empty())
    return at_line(file, number, "constraints are not read", "Put the versions into the requirements themselves");
  text += std::string(line) + "\n";
  if (text.size() > kBytesMax) return at_line(file, number, "the requirements are longer than 1 MiB");
  return {};
}

Status append_file(const fs::path& file, std::vector<fs::path>& open, std::string& text) {
  std::error_code error;
  const fs::path known = fs::weakly_canonical(file, error);
  if (open.size() >= kDepthMax || std::ranges::find(open, known) != open.end())
    return Error{ErrorCode::bad_file, "A requirements file includes itself: " + file.string(), {}, ""};
  std::ifstream in(file, std::ios::binary);
  if (!fs::is_regular_file(file, error) || !in)
    return Error{ErrorCode::file_not_found, "Cannot read the requirements: " + file.string(), {}, ""};
  open.push_back(known);
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r'; };
    if (std::ranges::any_of(line, control)) return at_line(file, number, "there is a control character");
    WARDIAN_TRY(append_line(line, file, number, open, text));
  }
  open.pop_back();
  return {};
}

bool names_package(std::string_view line, std::string_view package) {
  if (line.size() < package.size()) return false;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (!std::ranges::equal(line.substr(0, package.size()), package, {}, lower)) return false;
  const std::string_view rest = line.substr(package.size());
  return rest.empty() || std::string_view(" \t=<>!~[;@(").find(rest.front()) != std::string_view::npos;
}

}  // namespace

Result<std::string> read_requirements(const fs::path& file) {
  std::string text;
  std::vector<fs::path> open;
  WARDIAN_TRY(append_file(file, open, text));
  return text;
}

RequirementsFacts facts_of(std::string_view requirements) {
  constexpr std::string_view kIndexOptions[] = {"-i ",          "--index-url", "--extra-index-url", "-f ",
                                                "--find-links", "--no-index",  "--trusted-host"};
  RequirementsFacts facts;
  while (!requirements.empty()) {
    const std::size_t end = requirements.find('\n');
    const std::string_view line = kernels::trimmed(requirements.substr(0, end));
    requirements.remove_prefix(end == std::string_view::npos ? requirements.size() : end + 1);
    facts.hashed = facts.hashed || (!line.starts_with('#') && line.find("--hash=") < line.find(" #"));
    facts.names_pandas = facts.names_pandas || names_package(line, "pandas");
    if (std::ranges::any_of(kIndexOptions, [&](std::string_view option) { return line.starts_with(option); }))
      facts.index_options += std::string(line) + "\n";
  }
  return facts;
}

}  // namespace wardian::image

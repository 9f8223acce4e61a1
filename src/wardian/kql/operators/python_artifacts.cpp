#include "wardian/kql/operators/python_artifacts.h"

#include <algorithm>

#include "wardian/kql/constant_json.h"

namespace wardian::kql {
namespace {

// What Linux allows, and of files in one folder more than anybody needs: each takes a few entries of the script's scratch space.
constexpr std::size_t kNameBytesMax = 255;
constexpr std::size_t kArtifactsMax = 256;

/// What keeps a name from being that of a file in the sandbox; empty when nothing does.
std::string_view flaw_of(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (name.size() > kNameBytesMax) return "it is longer than 255 bytes";
  if (name.find_first_of("/\\") != std::string_view::npos) return "it names a folder";
  if (name == "." || name == ".." || name == "Temp") return "that is a folder";
  const auto control = [](unsigned char byte) { return byte < 0x20 || byte == 0x7F; };
  if (std::ranges::any_of(name, control)) return "it has control characters";
  // U+0080 to U+009F, which are C2 80 to C2 9F.
  for (std::size_t at = name.find('\xC2'); at != std::string_view::npos; at = name.find('\xC2', at + 1))
    if (at + 1 < name.size() && static_cast<unsigned char>(name[at + 1]) < 0xA0) return "it has control characters";
  return {};
}

}  // namespace

Result<std::string> constant_bag(Binder& binder, const syntax::Expr& expr, const Environment& env) {
  WARDIAN_ASSIGN(const Value value, binder.constant(expr, env));
  const auto bad = [&] { return error_at(ErrorCode::type_mismatch, "A bag is needed here: bag_pack(…)", expr.span); };
  if (value.type != Type::dynamic) return bad();
  if (value.is_null()) return std::string("{}");
  const std::string& text = std::get<std::string>(value.held);
  if (!object_members(text)) return bad();
  return text;
}

Result<std::vector<plan::Artifact>> python_artifacts(Binder& binder, const syntax::Expr& expr, const Environment& env) {
  WARDIAN_ASSIGN(const std::string bag, constant_bag(binder, expr, env));
  const auto members = object_members(bag).value_or(std::vector<std::pair<std::string, Value>>());
  std::vector<plan::Artifact> made;
  if (members.size() > kArtifactsMax) {
    return error_at(ErrorCode::bad_argument, "Too many artifacts: " + std::to_string(members.size()), expr.span,
                    std::to_string(kArtifactsMax) + " at most; put them into a zip");
  }
  for (const auto& [name, value] : members) {
    const auto* location = std::get_if<std::string>(&value.held);
    if (location == nullptr || value.type != Type::string) {
      return error_at(ErrorCode::type_mismatch, "An artifact is a place as text: " + json_quoted(name), expr.span);
    }
    if (const std::string_view flaw = flaw_of(name); !flaw.empty()) {
      return error_at(ErrorCode::bad_argument,
                      "An artifact cannot have this name, for " + std::string(flaw) + ": " + json_quoted(name), expr.span,
                      "Use a plain file name: it is that of the file in the sandbox");
    }
    if (std::ranges::any_of(made, [&](const plan::Artifact& other) { return other.name == name; })) {
      return error_at(ErrorCode::duplicate_name, "Two artifacts have the same name: " + name, expr.span);
    }
    const ArtifactPlaces* const places = binder.context().artifacts;
    if (places == nullptr) {
      return error_at(ErrorCode::access_denied, "This request may not read files of its own: external_artifacts", expr.span,
                      "--allow-artifacts FOLDER allows the files below a folder");
    }
    if (const Status fine = places->check(*location); !fine.ok()) {
      Error error = fine.error();
      error.span = expr.span;
      return error;
    }
    made.push_back({name, *location, expr.span});
  }
  return made;
}

}  // namespace wardian::kql

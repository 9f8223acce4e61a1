#include "wardian/image/manifest.h"

#include <simdjson.h>

#include "wardian/kernels/json_text.h"

namespace wardian::image {
namespace {

constexpr std::int64_t kFormat = 1;

std::string same_form(std::string_view name) {
  std::string form;
  for (const char c : name) {
    const bool dash = c == '-' || c == '_' || c == '.';
    if (dash && !form.empty() && form.back() == '-') continue;
    form += dash ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return form;
}

using Text = std::string Manifest::*;
constexpr std::pair<std::string_view, Text> kTexts[] = {
    {"name", &Manifest::name},       {"generation", &Manifest::generation},
    {"python", &Manifest::python},   {"python_version", &Manifest::python_version},
    {"created", &Manifest::created}, {"installer", &Manifest::installer}};
using RecipeText = std::string Recipe::*;
constexpr std::pair<std::string_view, RecipeText> kRecipeTexts[] = {{"requirements", &Recipe::requirements},
                                                                    {"environment", &Recipe::environment},
                                                                    {"python", &Recipe::python},
                                                                    {"requires_python", &Recipe::requires_python}};

}  // namespace

std::string Manifest::version_of(std::string_view package) const {
  for (const Package& one : packages)
    if (same_form(one.name) == same_form(package)) return one.version;
  return {};
}

std::string encode(const Manifest& manifest) {
  std::string recipe;
  kernels::JsonObjectWriter inner(recipe);
  for (const auto& [key, text] : kRecipeTexts) inner.add_string(key, manifest.recipe.*text);
  inner.add("sources_allowed", manifest.recipe.sources_allowed ? "true" : "false");
  inner.close();
  std::string packages;
  kernels::JsonArrayWriter list(packages);
  for (const Package& package : manifest.packages) {
    std::string one;
    kernels::JsonObjectWriter pair(one);
    pair.add_string("name", package.name);
    pair.add_string("version", package.version);
    pair.close();
    list.add(one);
  }
  list.close();
  std::string json;
  kernels::JsonObjectWriter object(json);
  object.add("format", std::to_string(kFormat));
  for (const auto& [key, text] : kTexts) object.add_string(key, manifest.*text);
  object.add("recipe", recipe);
  object.add("packages", packages);
  object.add("bytes", std::to_string(manifest.bytes));
  object.close();
  return json;
}

Result<Manifest> decode_manifest(std::string_view json, const std::filesystem::path& file) {
  const auto bad = [&](const std::string& why) {
    return Error{ErrorCode::bad_file, "Not the description of an image: " + file.string() + ": " + why, {}, ""};
  };
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(json.data(), json.size(), true).get(root) != simdjson::SUCCESS) return bad("it is no JSON");
  std::int64_t format = 0;
  if (root["format"].get(format) != simdjson::SUCCESS) return bad("it names no format");
  if (format != kFormat) return bad("it is of another version of Wardian");
  Manifest manifest;
  const auto read = [](const simdjson::dom::element& object, std::string_view key, std::string& target) {
    std::string_view text;
    if (object[key].get(text) != simdjson::SUCCESS) return false;
    target = text;
    return true;
  };
  for (const auto& [key, text] : kTexts)
    if (!read(root, key, manifest.*text)) return bad("it has no " + std::string(key));
  simdjson::dom::element recipe;
  if (root["recipe"].get(recipe) != simdjson::SUCCESS) return bad("it has no recipe");
  for (const auto& [key, text] : kRecipeTexts)
    if (!read(recipe, key, manifest.recipe.*text)) return bad("its recipe has no " + std::string(key));
  if (recipe["sources_allowed"].get(manifest.recipe.sources_allowed) != simdjson::SUCCESS) return bad("its recipe is not whole");
  if (root["bytes"].get(manifest.bytes) != simdjson::SUCCESS) return bad("it has no size");
  simdjson::dom::array packages;
  if (root["packages"].get(packages) != simdjson::SUCCESS) return bad("it has no packages");
  for (const simdjson::dom::element package : packages) {
    Package one;
    if (!read(package, "name", one.name) || !read(package, "version", one.version)) return bad("a package has no name");
    manifest.packages.push_back(std::move(one));
  }
  if (manifest.generation.empty() || manifest.generation.find('/') != std::string::npos || manifest.generation.front() == '.')
    return bad("its generation is no folder's name");
  return manifest;
}

}  // namespace wardian::image

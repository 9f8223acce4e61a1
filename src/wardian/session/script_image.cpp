#include "wardian/session/script_image.h"

#include "wardian/image/build.h"
#include "wardian/image/inline_metadata.h"
#include "wardian/session/request_progress.h"

namespace wardian::session {
namespace {

std::string listed(const std::string& requirements) {
  std::string list;
  for (const char c : requirements) list += c == '\n' ? std::string(", ") : std::string(1, c);
  if (list.ends_with(", ")) list.resize(list.size() - 2);
  return list;
}

std::string wanted_of(const image::Recipe& recipe) {
  const std::string packages = listed(recipe.requirements);
  if (recipe.requires_python.empty()) return packages;
  return "Python " + recipe.requires_python + (packages.empty() ? "" : ", " + packages);
}

Result<std::string> image_for(const image::InlineMetadata& metadata, const Request& request, RunnerSet& runners) {
  image::Recipe recipe;
  WARDIAN_ASSIGN(recipe.requirements, image::requirements_of(metadata));
  recipe.requires_python = metadata.requires_python;
  std::string name = image::image_name_of(recipe.requirements, recipe.requires_python);
  if (const auto there = runners.store().find(name); there.ok()) {
    if (there->manifest.recipe == recipe) return name;
    return Error{
        ErrorCode::image_failed, "Two scripts' metadata have one image's name: " + name, {}, "Choose an image by its name"};
  }
  if (!request.images_on_demand)
    return Error{ErrorCode::access_denied,
                 "The script asks for an image that is not there, and none may be made: " + wanted_of(recipe),
                 {},
                 "--build-images lets a query have one made; or make one with wardian image create and choose it by --image"};
  image::BuildOptions options;
  WARDIAN_ASSIGN(options.default_python, runners.default_python());
  WARDIAN_ASSIGN(options.minimum_level, runners.minimum_level());
  options.existing = image::BuildOptions::Existing::take;
  options.progress.cancel = request.cancel;
  options.progress.deadline = request.deadline;
  if (request.progress != nullptr)
    options.progress.say = [&](const std::string& what) { request.progress->step("image " + name + ", " + what, false); };
  WARDIAN_TRY(image::build_image(runners.store(), name, recipe, options));
  return name;
}

}  // namespace

Result<std::string> image_of(const plan::PythonCall& call, const Request& request, RunnerSet& runners) {
  if (!call.image.empty()) return call.image;
  WARDIAN_ASSIGN(const std::optional<image::InlineMetadata> metadata, image::inline_metadata(call.script));
  if (!metadata || (metadata->dependencies.empty() && metadata->requires_python.empty())) return request.image;
  WARDIAN_ASSIGN(const bool covered, runners.default_covers(*metadata));
  return covered ? Result<std::string>(std::string()) : image_for(*metadata, request, runners);
}

}  // namespace wardian::session

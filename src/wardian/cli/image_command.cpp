#include <unistd.h>

#include <cstdio>
#include <sstream>

#include "wardian/cli/answer/aligned_rows.h"
#include "wardian/cli/answer/output_file.h"
#include "wardian/cli/answer/output_stream.h"
#include "wardian/cli/commands.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/interrupt.h"
#include "wardian/cli/open_instance.h"
#include "wardian/cli/plain_output.h"
#include "wardian/image/build.h"
#include "wardian/image/lock_of_copy.h"
#include "wardian/image/requirements_file.h"
#include "wardian/kernels/json_text.h"
#include "wardian/process/whole_file.h"

// wardian image: everything but `try`, which runs a script.
namespace wardian::cli {
namespace {

namespace fs = std::filesystem;

image::Store the_store() { return image::Store(image::Store::default_folder()); }

int fail(const Error& error) {
  std::fputs(error_text(error, {}, "").c_str(), stderr);
  return error.code == ErrorCode::cancelled ? kInterrupted : kFailed;
}

/// The recipe that the flags give, over the one that there is.
Result<image::Recipe> recipe_of(const ImageOptions& options, image::Recipe recipe) {
  std::error_code error;
  if (!options.requirements.empty()) {
    recipe.environment.clear();
    WARDIAN_ASSIGN(recipe.requirements, image::read_requirements(options.requirements));
  }
  if (!options.environment.empty()) {
    recipe.requirements.clear();
    recipe.environment = fs::absolute(options.environment).lexically_normal().string();
  }
  if (options.python && !recipe.environment.empty())
    return Error{ErrorCode::bad_argument,
                 "The image is a copy of an environment, which brings its own Python: " + recipe.environment,
                 {},
                 "Leave out --python, or make it anew from requirements: -r FILE"};
  if (options.python)
    recipe.python = options.python->find('/') == std::string::npos ? *options.python : fs::absolute(*options.python).string();
  if (options.sources_allowed) recipe.sources_allowed = true;
  return recipe;
}

image::Progress progress_of(const ImageOptions& options, const InterruptScope& interrupt) {
  return {.say = [name = options.name](const std::string& what) { std::fprintf(stderr, "%s: %s\n", name.c_str(), what.c_str()); },
          .cancel = &interrupt.token(),
          .deadline = {}};
}

/// Of a copied image there is one only if the index knows its packages.
Result<std::string> lock_of(const ImageOptions& options, const image::StoredImage& stored) {
  std::error_code error;
  if (stored.manifest.recipe.environment.empty() || fs::exists(stored.lock_file(), error))
    return process::read_whole_file(stored.lock_file());
  const InterruptScope interrupt;
  WARDIAN_ASSIGN(const sandbox::Image python, default_image());
  return image::lock_of_copy(stored, python.python, options.installer, progress_of(options, interrupt));
}

int build(const ImageOptions& options, const image::Recipe& recipe, image::BuildOptions::Existing existing) {
  const InterruptScope interrupt;
  const auto python = default_image();
  if (!python.ok()) return fail(python.error());
  image::BuildOptions how;
  how.default_python = python->python;
  how.installer = options.installer;
  how.existing = existing;
  how.minimum_level = options.surroundings.minimum_level;
  how.progress = progress_of(options, interrupt);
  const auto built = image::build_image(the_store(), options.name, recipe, how);
  if (!built.ok()) return fail(built.error());
  const image::Manifest& manifest = built->manifest;
  return show_text("The image " + manifest.name + " is ready: Python " + manifest.python_version + ", " +
                   std::to_string(manifest.packages.size()) + " packages, pandas " + manifest.version_of("pandas") + "; " +
                   size_text(manifest.bytes) + "\n");
}

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  return aligned_rows(rows, [](std::size_t, std::size_t) { return false; });
}

}  // namespace

int run_image_create(const ImageOptions& options) {
  const auto recipe = recipe_of(options, {});
  if (!recipe.ok()) return fail(recipe.error());
  return build(options, *recipe, image::BuildOptions::Existing::refuse);
}

int run_image_update(const ImageOptions& options) {
  // One that has lost its folder can be made anew: its recipe is still there.
  const auto there = the_store().describe(options.name);
  if (!there.ok()) return fail(there.error());
  const auto recipe = recipe_of(options, there->recipe);
  if (!recipe.ok()) return fail(recipe.error());
  return build(options, *recipe, image::BuildOptions::Existing::replace);
}

int run_image_list(const ImageOptions& options) {
  if (const Status readable = the_store().check_readable(); !readable.ok()) return fail(readable.error());
  const std::vector<image::StoredImage> images = the_store().list();
  if (options.json) {
    std::string json;
    kernels::JsonArrayWriter list(json);
    for (const image::StoredImage& one : images) list.add(image::encode(one.manifest));
    list.close();
    return show_text(json + "\n");
  }
  std::vector<std::vector<std::string>> rows = {{"name", "Python", "pandas", "packages", "size", "made"}};
  for (const image::StoredImage& one : images) {
    const image::Manifest& manifest = one.manifest;
    rows.push_back({manifest.name, manifest.python_version, manifest.version_of("pandas"),
                    std::to_string(manifest.packages.size()), size_text(manifest.bytes), manifest.created});
  }
  if (rows.size() == 1) return show_text("There are no images but the default one.\n");
  return show_text(aligned(rows));
}

int run_image_show(const ImageOptions& options) {
  const auto found = the_store().find(options.name);
  if (!found.ok()) return fail(found.error());
  const image::Manifest& manifest = found->manifest;
  if (options.json) return show_text(image::encode(manifest) + "\n");
  std::string text = aligned({{"name", manifest.name},
                              {"Python", manifest.python_version + ", " + manifest.python},
                              {"made", manifest.created + " with " + manifest.installer},
                              {"from", manifest.recipe.environment.empty() ? "requirements" : manifest.recipe.environment},
                              {"size", size_text(manifest.bytes)},
                              {"folder", found->folder.string()}});
  std::istringstream lines(manifest.recipe.requirements);
  for (std::string line; std::getline(lines, line);) text += "    " + line + "\n";
  std::vector<std::vector<std::string>> rows = {{"package", "version"}};
  for (const image::Package& package : manifest.packages) rows.push_back({package.name, package.version});
  return show_text(text + "\n" + aligned(rows));
}

int run_image_remove(const ImageOptions& options) {
  const Status removed = the_store().remove(options.name);
  return removed.ok() ? kFine : fail(removed.error());
}

int run_image_export(const ImageOptions& options) {
  const auto found = the_store().find(options.name);
  if (!found.ok()) return fail(found.error());
  const auto lines = lock_of(options, *found);
  if (!lines.ok()) return fail(lines.error());
  const std::string lock = "# Image " + options.name + ": Python " + found->manifest.python_version + "\n" + *lines;
  if (options.output.empty()) return show_text(lock);
  auto file = OutputFile::open(options.output);
  if (!file.ok()) return fail(file.error());
  OutputStream out(file->fd());
  Status written = out.write(lock);
  if (written.ok()) written = out.flush();
  if (written.ok()) written = file->commit();
  return written.ok() ? kFine : fail(written.error());
}

}  // namespace wardian::cli

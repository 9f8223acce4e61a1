#include "wardian/image/build.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "wardian/image/environment_copy.h"
#include "wardian/image/installed_packages.h"
#include "wardian/image/installer.h"
#include "wardian/image/requirements_file.h"
#include "wardian/process/whole_file.h"
#include "wardian/sandbox/pool.h"

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

// What the modules inside need.
constexpr std::string_view kBase = "numpy\npandas\npyarrow\n";

/// What packages need and do not say of themselves: where `package` is older than `version`, `other` must be older than `other_version`.
struct Unsaid {
  std::string_view package;
  PythonVersion version;
  std::string_view other;
  PythonVersion other_version;
};
constexpr Unsaid kUnsaid[] = {
    {"pandas", {2, 2, 2}, "numpy", {2, 0, 0}},    // built for numpy 1
    {"numpy", {2, 0, 0}, "pyarrow", {26, 0, 0}},  // pyarrow 26 refuses numpy 1 when it is imported
};

/// The version of a package in a lock, which has lines "name==version \".
std::optional<PythonVersion> locked_version(std::string_view lock, std::string_view package) {
  const std::string begin = std::string(package) + "==";
  for (std::size_t at = lock.find(begin); at != std::string_view::npos; at = lock.find(begin, at + 1))
    if (at == 0 || lock[at - 1] == '\n')
      return parse_version(lock.substr(at + begin.size(), lock.find_first_of(" \\\n", at) - at - begin.size()));
  return std::nullopt;
}

/// The constraints that a lock breaks, as lines of a constraints file; empty when it breaks none.
std::string broken_constraints(std::string_view lock) {
  std::string lines;
  std::vector<std::string_view> older;  // packages that will be older once the lines hold
  for (const Unsaid& row : kUnsaid) {
    const auto version = locked_version(lock, row.package);
    const auto other = locked_version(lock, row.other);
    const bool old = (version && *version < row.version) || std::ranges::find(older, row.package) != older.end();
    if (!old || !other || *other < row.other_version) continue;
    lines += std::string(row.other) + "<" + row.other_version.text() + "\n";
    older.push_back(row.other);
  }
  return lines;
}

class Building {
 public:
  Building(const Recipe& recipe, const BuildOptions& options, const fs::path& generation, Manifest& manifest)
      : recipe_(recipe), options_(options), generation_(generation), manifest_(manifest) {}

  Status run() {
    std::optional<Environment> copied;
    if (!recipe_.environment.empty()) {
      WARDIAN_ASSIGN(copied, read_environment(recipe_.environment));
      python_ = copied->python;
    } else if (!recipe_.requires_python.empty() && recipe_.python.empty()) {
      WARDIAN_ASSIGN(python_, find_satisfying(recipe_.requires_python, options_.default_python));
    } else {
      WARDIAN_ASSIGN(python_, find_interpreter(recipe_.python, options_.default_python));
    }
    WARDIAN_TRY(make_environment());
    if (copied) {
      WARDIAN_TRY(copy_packages(*copied, site_packages_, options_.progress));
      WARDIAN_TRY(add_missing());
    } else {
      WARDIAN_TRY(install(recipe_.requirements));
    }
    WARDIAN_TRY(compile());
    manifest_.python = python_.executable.string();
    manifest_.python_version = python_.version.text();
    manifest_.recipe = recipe_;
    manifest_.packages = installed_packages(site_packages_);
    WARDIAN_TRY(try_out());
    manifest_.bytes = bytes_below(generation_);
    return {};
  }

 private:
  Status step(std::string what, const fs::path& program, std::vector<std::string> arguments) const {
    return run_step({std::move(what), program, std::move(arguments)}, generation_ / "build.log", options_.progress);
  }

  /// A real virtual environment, so that its owner can use it outside as well.
  Status make_environment() {
    const fs::path folder = generation_ / "env";
    WARDIAN_TRY(step("Making an environment of Python " + python_.version.text(), python_.executable,
                     {"-I", "-m", "venv", "--without-pip", folder.string()}));
    site_packages_ = folder / "lib" / ("python3." + std::to_string(python_.version.minor)) / "site-packages";
    std::error_code error;
    if (!fs::is_directory(site_packages_, error))
      return Error{ErrorCode::image_failed, "The environment has no " + site_packages_.string(), {}, {}};
    return {};
  }

  /// Chooses versions, then installs just those; the lock stays as the image's own.
  Status install(const std::string& requirements) {
    const RequirementsFacts facts = facts_of(requirements);
    const fs::path wanted = generation_ / "requirements.txt";
    const fs::path base = generation_ / "base.txt";
    const fs::path constraints = generation_ / "constraints.txt";
    const fs::path lock = generation_ / "requirements.lock";
    WARDIAN_TRY(process::write_text_file(wanted, requirements));
    WARDIAN_TRY(process::write_text_file(base, std::string(kBase) + (facts.names_pandas ? "" : "pandas<3\n")));
    WARDIAN_ASSIGN(const FoundInstaller found, find_installer(options_.installer, python_, options_.default_python));
    Installation installation{.python = python_,
                              .program = found.program,
                              .folder = generation_,
                              .requirements = {wanted, base},
                              .constraints = {},
                              .site_packages = site_packages_,
                              .sources_allowed = recipe_.sources_allowed,
                              .progress = &options_.progress};
    if (facts.hashed) {
      // What is pinned by hash is chosen already, and nobody else's hashes may take the place of these.
      WARDIAN_TRY(process::write_text_file(lock, requirements));
    } else {
      auto chosen = found.installer->choose(installation);
      if (!chosen.ok()) return explained(std::move(chosen).error());
      if (const std::string broken = broken_constraints(*chosen); !broken.empty()) {
        WARDIAN_TRY(process::write_text_file(constraints, broken));
        installation.constraints = constraints;
        chosen = found.installer->choose(installation);
        if (!chosen.ok()) return explained(std::move(chosen).error());
      }
      WARDIAN_TRY(process::write_text_file(lock, facts.index_options + *chosen));
    }
    manifest_.installer = manifest_.installer.empty() ? found.installer->name : manifest_.installer;
    if (auto installed = found.installer->install(installation, lock); !installed.ok())
      return explained(std::move(installed).error());
    std::error_code ignored;
    fs::remove(base, ignored);
    fs::remove(constraints, ignored);
    return {};
  }

  /// For a copied environment without what calls need: beside what it has, in the versions that go with its numpy.
  Status add_missing() {
    manifest_.installer = "copy";
    const std::vector<Package> packages = installed_packages(site_packages_);
    Manifest there;
    there.packages = packages;
    std::string missing;
    for (const char* name : {"numpy", "pandas", "pyarrow"})
      if (there.version_of(name).empty()) missing += std::string(name) + (name == std::string_view("pandas") ? "<3\n" : "\n");
    if (missing.empty()) return {};
    for (const Package& package : packages) missing += package.name + "==" + package.version + "\n";
    return install(missing);
  }

  /// An installer's own words stand for themselves; what they ask for may be a flag of ours.
  Error explained(Error error) const {
    if (error.code == ErrorCode::image_failed && !recipe_.sources_allowed)
      error.hint = "Only wheels are installed; --allow-source builds packages that have none, which runs their code unconfined";
    return error;
  }

  Status compile() const {
    // A package may hold files for another Python: that some do not compile is no failure.
    auto compiled =
        step("Compiling", python_.executable, {"-I", "-S", "-m", "compileall", "-q", "-j", "2", site_packages_.string()});
    if (!compiled.ok() && compiled.error().code == ErrorCode::image_failed) return {};
    return compiled;
  }

  Status try_out() const {
    if (options_.progress.say) options_.progress.say("Trying it in the sandbox");
    sandbox::PoolConfig config;
    config.image.python = python_.executable;
    config.image.environment_folder = generation_ / "env";
    config.ready_count = config.ready_count_max = 1;
    config.minimum_level = options_.minimum_level;
    sandbox::Pool pool(std::move(config));
    const Status started = pool.start();
    if (started.ok()) return {};
    const bool as_pinned = recipe_.environment.empty() && facts_of(recipe_.requirements).hashed;
    return Error{
        ErrorCode::image_failed,
        "The image does not work: " + started.error().message,
        {},
        as_pinned ? "Requirements with hashes are installed as they are: name numpy, pandas and pyarrow among them" : ""};
  }

  const Recipe& recipe_;
  const BuildOptions& options_;
  const fs::path& generation_;
  Manifest& manifest_;
  Interpreter python_;
  fs::path site_packages_;
};

}  // namespace

Result<StoredImage> build_image(const Store& store, const std::string& name, const Recipe& recipe, const BuildOptions& options) {
  using Existing = BuildOptions::Existing;
  const Change::Patience patience{options.existing == Existing::take, options.progress.cancel, options.progress.deadline};
  WARDIAN_ASSIGN(Change change, Change::begin(store, name, patience));
  if (auto there = store.find(name); there.ok() && options.existing != Existing::replace) {
    if (options.existing == Existing::take && there->manifest.recipe == recipe) return std::move(*there);
    return Error{ErrorCode::image_exists,
                 "There is an image of that name: " + name,
                 {},
                 "wardian image update " + name + " changes it; wardian image remove " + name + " takes it away"};
  }
  Manifest manifest;
  const fs::path generation = change.generation();
  WARDIAN_TRY(Building(recipe, options, generation, manifest).run());
  WARDIAN_TRY(change.publish(std::move(manifest)));
  return store.find(name);
}

}  // namespace wardian::image

#include "wardian/image/environment_copy.h"

#include <fstream>
#include <map>

#include "wardian/kernels/number_text.h"
#include "wardian/process/beneath.h"

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> read_settings(const fs::path& file) {
  std::map<std::string, std::string> settings;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (const std::size_t equals = line.find('='); equals != std::string::npos)
      settings[std::string(kernels::trimmed(std::string_view(line).substr(0, equals)))] =
          kernels::trimmed(std::string_view(line).substr(equals + 1));
  return settings;
}

Error unfit(const fs::path& folder, const std::string& why, std::string hint = {}) {
  return Error{ErrorCode::bad_argument, "Not an environment for an image: " + folder.string() + ": " + why, {}, std::move(hint)};
}

/// A file beside the packages that adds to the search path: what it names must be among them.
Status check_path_file(const fs::path& file, const fs::path& site_packages) {
  if (file.filename().string().starts_with("__editable__"))
    return unfit(site_packages, "a package is installed in place: " + file.filename().string(),
                 "Install it as a wheel, not with -e");
  std::ifstream in(file);
  std::error_code error;
  for (std::string line; std::getline(in, line);) {
    const std::string_view entry = kernels::trimmed(line);
    // Lines of code are not run inside either.
    if (entry.empty() || entry.front() == '#' || entry.starts_with("import ") || entry.starts_with("import\t")) continue;
    const fs::path place = (site_packages / entry).lexically_normal();
    if (fs::exists(place, error) && !process::lies_in(place, site_packages.lexically_normal()))
      return unfit(site_packages, file.filename().string() + " names packages elsewhere: " + place.string(),
                   "Install them into the environment, not in place");
  }
  return {};
}

/// Where a link of the environment leads, from its own folder: the copy's is to lead into the copy.
Result<fs::path> target_of(const fs::path& link, const fs::path& site_packages) {
  std::error_code error;
  const fs::path target = fs::canonical(link, error);
  const fs::path folder = fs::canonical(link.parent_path(), error);
  if (!error && process::lies_in(target, fs::canonical(site_packages, error))) return target.lexically_relative(folder);
  return unfit(site_packages, "a link leads out of it: " + link.string());
}

Status check_going_on(const Progress& progress) {
  return process::may_go_on(progress.cancel, progress.deadline, "while an image was made");
}

}  // namespace

Result<Environment> read_environment(const fs::path& folder) {
  std::error_code error;
  const fs::path file = folder / "pyvenv.cfg";
  if (!fs::exists(file, error)) return unfit(folder, "it has no pyvenv.cfg", "Give the folder of a virtual environment");
  const auto settings = read_settings(file);
  const auto setting = [&](const char* name) {
    const auto found = settings.find(name);
    return found == settings.end() ? std::string() : found->second;
  };
  if (setting("include-system-site-packages") == "true")
    return unfit(folder, "it takes packages of the system's Python as well", "Make one that holds all that it needs");
  std::string text = setting("version");
  if (text.empty()) text = setting("version_info");  // as virtualenv and uv write it
  const auto version = parse_version(text);
  if (!version) return unfit(folder, "its pyvenv.cfg names no version");
  const std::string short_name = "python3." + std::to_string(version->minor);
  fs::path program = fs::path(setting("home")) / short_name;
  if (!fs::exists(program, error)) program = fs::path(setting("home")) / "python3";
  auto python = examine_interpreter(program);
  if (!python.ok()) return std::move(python).error();
  if (python->version.minor != version->minor)
    return unfit(folder, "the Python that it was made from is now another: " + python->version.text());
  Environment environment{folder / "lib" / short_name / "site-packages", std::move(*python)};
  if (!fs::is_directory(environment.site_packages, error)) return unfit(folder, "it has no site-packages");
  return environment;
}

Status copy_packages(const Environment& environment, const fs::path& target, const Progress& progress) {
  if (progress.say) progress.say("Copying packages");
  const fs::path& source = environment.site_packages;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(source, error); entry != fs::recursive_directory_iterator();
       entry.increment(error)) {
    if (error) break;
    WARDIAN_TRY(check_going_on(progress));
    const fs::path place = target / entry->path().lexically_relative(source);
    const std::string name = entry->path().filename().string();
    if (entry->is_symlink(error)) {
      WARDIAN_ASSIGN(const fs::path leads_to, target_of(entry->path(), source));
      fs::create_symlink(leads_to, place, error);
    } else if (entry->is_directory(error)) {
      if (name == "__pycache__") {
        entry.disable_recursion_pending();
        continue;
      }
      fs::create_directory(place, error);
    } else if (entry->is_regular_file(error)) {
      if (entry.depth() == 0 && name.ends_with(".pth")) WARDIAN_TRY(check_path_file(entry->path(), source));
      if (entry.depth() == 0 && name.ends_with(".egg-link"))
        return unfit(source, "a package is installed in place: " + name, "Install it as a wheel, not with -e");
      fs::copy_file(entry->path(), place, fs::copy_options::overwrite_existing, error);
    }
    if (error) break;
  }
  if (!error) return {};
  return Error{error == std::errc::no_space_on_device ? ErrorCode::disk_full : ErrorCode::io,
               "Cannot copy the packages of " + source.string() + ": " + error.message(),
               {},
               {}};
}

}  // namespace wardian::image

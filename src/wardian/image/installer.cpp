#include "wardian/image/installer.h"

#include <algorithm>
#include <cstdlib>

#include "wardian/base/split.h"
#include "wardian/image/pip_report.h"
#include "wardian/process/child.h"
#include "wardian/process/whole_file.h"

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

void add(std::vector<std::string>& words, std::initializer_list<std::string> more) { words.insert(words.end(), more); }

// --- uv -------------------------------------------------------------------------------------------------------------

std::optional<fs::path> find_uv(const Interpreter&, const fs::path& default_python) {
  std::vector<fs::path> places = {default_python.parent_path() / "uv"};
  const char* path = std::getenv("PATH");
  for (const std::string_view folder : split(path != nullptr ? path : "", ':'))
    if (!folder.empty()) places.push_back(fs::path(folder) / "uv");
  std::error_code error;
  for (const fs::path& place : places)
    if (fs::is_regular_file(place, error)) return place;
  return std::nullopt;
}

Result<std::string> choose_with_uv(const Installation& installation) {
  const fs::path lock = installation.folder / "uv.lock";
  std::vector<std::string> words = {"pip",           "compile",           "--quiet",  "--no-header",
                                    "--no-annotate", "--generate-hashes", "--python", installation.python.executable.string(),
                                    "--output-file", lock.string()};
  if (!installation.sources_allowed) add(words, {"--only-binary", ":all:"});
  if (!installation.dependencies_too) add(words, {"--no-deps"});
  if (!installation.constraints.empty()) add(words, {"--constraints", installation.constraints.string()});
  for (const fs::path& file : installation.requirements) words.push_back(file.string());
  WARDIAN_TRY(run_step({"Choosing versions with uv", installation.program, std::move(words)}, installation.log(),
                       *installation.progress));
  auto text = process::read_whole_file(lock);
  std::error_code ignored;
  fs::remove(lock, ignored);
  return text;
}

Status install_with_uv(const Installation& installation, const fs::path& lock) {
  std::vector<std::string> words = {"pip",
                                    "install",
                                    "--no-deps",
                                    "--require-hashes",
                                    "--python",
                                    installation.python.executable.string(),
                                    "--target",
                                    installation.site_packages.string(),
                                    "--requirements",
                                    lock.string()};
  if (!installation.sources_allowed) add(words, {"--only-binary", ":all:"});
  return run_step({"Installing with uv", installation.program, std::move(words)}, installation.log(), *installation.progress);
}

// --- pip ------------------------------------------------------------------------------------------------------------

// Of the interpreter outside: its own pip, or one of another environment, which stands before it on the path.
constexpr std::string_view kRunPip =
    "import sys, runpy; home = sys.argv.pop(1); sys.path[:0] = [home] if home else []; runpy.run_module('pip', "
    "run_name='__main__')";
// What writes reports came with 22.2; the versions until 23.0 are of older Pythons than these.
constexpr std::string_view kAskPip =
    "import os, pip; print(pip.__version__.split('.')[0], os.path.dirname(os.path.dirname(pip.__file__)))";
constexpr int kPipMin = 23;

/// The folder of a pip that is new enough, as an interpreter imports it.
std::optional<fs::path> pip_of(const fs::path& python) {
  process::SpawnPlan plan;
  plan.executable = python;
  plan.arguments = {"-I", "-c", std::string(kAskPip)};
  plan.environment = {"LANG=C.UTF-8"};
  const auto answer = process::ask_program(std::move(plan), std::chrono::seconds(60), 1 << 14);
  if (!answer.ok() || answer->end.signalled || answer->end.number != 0) return std::nullopt;
  const std::size_t blank = answer->text.find(' ');
  if (blank == std::string::npos || std::atoi(answer->text.c_str()) < kPipMin) return std::nullopt;
  std::string folder = answer->text.substr(blank + 1);
  while (!folder.empty() && folder.back() == '\n') folder.pop_back();
  return folder;
}

std::optional<fs::path> find_pip(const Interpreter& python, const fs::path& default_python) {
  if (pip_of(python.executable)) return fs::path();
  return pip_of(default_python);
}

Step pip_step(const Installation& installation, std::string what, std::vector<std::string> words) {
  std::vector<std::string> arguments = {"-I", "-B", "-c", std::string(kRunPip), installation.program.string()};
  arguments.insert(arguments.end(), std::make_move_iterator(words.begin()), std::make_move_iterator(words.end()));
  if (!installation.sources_allowed) add(arguments, {"--only-binary", ":all:"});
  return {std::move(what), installation.python.executable, std::move(arguments)};
}

Result<std::string> choose_with_pip(const Installation& installation) {
  const fs::path report = installation.folder / "report.json";
  std::vector<std::string> words = {"install", "--dry-run", "--ignore-installed", "--progress-bar",
                                    "off",     "--report",  report.string()};
  if (!installation.dependencies_too) add(words, {"--no-deps"});
  if (!installation.constraints.empty()) add(words, {"--constraint", installation.constraints.string()});
  for (const fs::path& file : installation.requirements) add(words, {"--requirement", file.string()});
  WARDIAN_TRY(run_step(pip_step(installation, "Choosing versions with pip", std::move(words)), installation.log(),
                       *installation.progress));
  WARDIAN_ASSIGN(const std::string text, process::read_whole_file(report));
  auto lock = lock_of_pip_report(text);
  std::error_code ignored;
  fs::remove(report, ignored);
  return lock;
}

Status install_with_pip(const Installation& installation, const fs::path& lock) {
  std::vector<std::string> words = {"install",
                                    "--no-deps",
                                    "--require-hashes",
                                    "--no-compile",
                                    "--no-warn-script-location",
                                    "--progress-bar",
                                    "off",
                                    "--target",
                                    installation.site_packages.string(),
                                    "--requirement",
                                    lock.string()};
  return run_step(pip_step(installation, "Installing with pip", std::move(words)), installation.log(), *installation.progress);
}

}  // namespace

const std::vector<Installer> kInstallers = {{"uv", &find_uv, &choose_with_uv, &install_with_uv},
                                            {"pip", &find_pip, &choose_with_pip, &install_with_pip}};

Result<FoundInstaller> find_installer(const std::string& name, const Interpreter& python, const fs::path& default_python) {
  for (const Installer& installer : kInstallers) {
    if (!name.empty() && installer.name != name) continue;
    if (auto program = installer.find(python, default_python)) return FoundInstaller{&installer, *std::move(program)};
    if (!name.empty())
      return Error{
          ErrorCode::image_failed, "Not found on this machine: " + name, {}, "uv on PATH, or pip in the environment of wardian"};
  }
  if (!name.empty()) return Error{ErrorCode::bad_argument, "Unknown installer: " + name, {}, "uv or pip"};
  return Error{ErrorCode::image_failed, "Neither uv nor pip was found", {}, "Install uv, or pip into the environment of wardian"};
}

}  // namespace wardian::image

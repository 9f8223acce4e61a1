#include "wardian/image/interpreter.h"

#include <algorithm>
#include <cstdlib>

#include "wardian/base/split.h"
#include "wardian/process/child.h"

namespace wardian::image {
namespace {

namespace fs = std::filesystem;

// -S: an environment's start-up files may hold code, and nobody has vouched for that yet.
constexpr std::string_view kQuestion = R"(
import os, sys
sys.stdout.write("\0".join([os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
    "%d.%d.%d" % sys.version_info[:3], sys.implementation.name]) + "\0")
)";

Error unusable(const fs::path& program, const std::string& why) {
  return Error{ErrorCode::bad_argument,
               "Not a Python for an image: " + program.string() + ": " + why,
               {},
               "CPython " + kPythonMin.text() + " or later"};
}

std::string home() {
  const char* folder = std::getenv("HOME");
  return folder != nullptr ? folder : "";
}

/// `folder`/*/bin, of the sub-folders whose names hold a version.
void add_versions(const fs::path& folder, std::vector<fs::path>& found) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error))
    if (entry.path().filename().string().find("3.") != std::string::npos) found.push_back(entry.path() / "bin");
}

std::vector<fs::path> folders_of_interpreters() {
  std::vector<fs::path> folders;
  const char* path = std::getenv("PATH");
  for (const std::string_view folder : split(path != nullptr ? path : "/usr/local/bin:/usr/bin", ':'))
    if (!folder.empty()) folders.emplace_back(folder);
  const char* pyenv = std::getenv("PYENV_ROOT");
  add_versions(fs::path(pyenv != nullptr ? pyenv : home() + "/.pyenv") / "versions", folders);
  const char* data = std::getenv("XDG_DATA_HOME");
  add_versions(fs::path(data != nullptr && *data != '\0' ? data : home() + "/.local/share") / "uv" / "python", folders);
  return folders;
}

/// Programs named python3.N, each once, those of the same N in the order of the folders.
std::vector<fs::path> programs() {
  std::vector<fs::path> found;
  for (const fs::path& folder : folders_of_interpreters()) {
    for (int minor = kPythonMin.minor; minor < kPythonMin.minor + 30; ++minor) {
      std::error_code error;
      const fs::path program = fs::canonical(folder / ("python3." + std::to_string(minor)), error);
      if (!error && std::ranges::find(found, program) == found.end()) found.push_back(program);
    }
  }
  return found;
}

std::vector<Interpreter> all_interpreters() {
  std::vector<Interpreter> known;
  for (const fs::path& program : programs()) {
    auto examined = examine_interpreter(program);
    // A shim of pyenv answers for whatever is chosen now, or not at all.
    if (examined.ok() &&
        std::ranges::none_of(known, [&](const Interpreter& one) { return one.executable == examined->executable; }))
      known.push_back(std::move(*examined));
  }
  std::ranges::stable_sort(known, std::greater(), &Interpreter::version);
  return known;
}

Error none_found(const std::string& what, const std::vector<Interpreter>& known) {
  std::string there;
  for (const Interpreter& one : known) there += (there.empty() ? "" : ", ") + one.version.text();
  return Error{ErrorCode::bad_argument,
               "No Python " + what + " was found on this machine",
               {},
               there.empty() ? "Install one, or give its path" : "There are: " + there + ". A path is taken as well"};
}

}  // namespace

Result<Interpreter> examine_interpreter(const fs::path& program) {
  process::SpawnPlan plan;
  plan.executable = program;
  plan.arguments = {"-I", "-S", "-B", "-c", std::string(kQuestion)};
  plan.environment = {"LANG=C.UTF-8"};
  plan.new_session = true;
  const auto answer = process::ask_program(std::move(plan), std::chrono::seconds(60), 1 << 16);
  if (!answer.ok()) return unusable(program, answer.error().message);
  std::vector<std::string_view> words = split(answer->text, '\0');
  words.pop_back();  // each of them ends with one
  if (answer->end.signalled || answer->end.number != 0 || words.size() != 3)
    return unusable(program, "it gives no sensible answer");
  if (words[2] != "cpython") return unusable(program, "it is " + std::string(words[2]));
  const auto version = parse_version(words[1]);
  if (!version || *version < kPythonMin) return unusable(program, "it is of version " + std::string(words[1]));
  return Interpreter{words[0], *version};
}

Result<Interpreter> find_interpreter(const std::string& wanted, const fs::path& default_python) {
  if (wanted.empty()) return examine_interpreter(default_python);
  if (wanted.find('/') != std::string::npos) return examine_interpreter(fs::absolute(wanted));
  const auto fits = [&](const Interpreter& one) {
    const auto same = satisfies(one.version, "==" + wanted + (std::ranges::count(wanted, '.') >= 2 ? "" : ".*"));
    return same.ok() && *same;
  };
  if (!parse_version(wanted))
    return Error{ErrorCode::bad_argument, "Not a version of Python, nor a path: " + wanted, {}, "Such as 3.11"};
  if (auto own = examine_interpreter(default_python); own.ok() && fits(*own)) return own;
  const std::vector<Interpreter> known = all_interpreters();
  const auto found = std::ranges::find_if(known, fits);
  if (found == known.end()) return none_found(wanted, known);
  return *found;
}

Result<Interpreter> find_satisfying(std::string_view specifiers, const fs::path& default_python) {
  auto own = examine_interpreter(default_python);
  if (own.ok()) {
    WARDIAN_ASSIGN(const bool fits, satisfies(own->version, specifiers));
    if (fits) return own;
  }
  const std::vector<Interpreter> known = all_interpreters();
  for (const Interpreter& one : known) {
    WARDIAN_ASSIGN(const bool fits, satisfies(one.version, specifiers));
    if (fits) return one;
  }
  return none_found(std::string(specifiers), known);
}

}  // namespace wardian::image

#include "wardian/sandbox/image.h"

#include <algorithm>

#include "wardian/base/split.h"
#include "wardian/process/child.h"

namespace wardian::sandbox {
namespace {

namespace fs = std::filesystem;

// -I keeps the user's folder and variables out; `site` runs as it would for the environment's owner, so .pth files count.
constexpr std::string_view kQuestion = R"(
import os, sys, sysconfig
words = [os.path.realpath(getattr(sys, "_base_executable", sys.executable)), "%d.%d.%d" % sys.version_info[:3], sys.base_prefix, sys.prefix]
words += [sysconfig.get_path(name) for name in ("stdlib", "platstdlib")]
words += [path for path in sys.path if path]
sys.stdout.write("\0".join(words) + "\0")
)";

// With -S only the standard library is on the path; the environment's folders and what its .pth files name are added as text.
constexpr std::string_view kSealedQuestion = R"(
import os, sys, sysconfig
folder = sys.argv[1]
words = [os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable), "%d.%d.%d" % sys.version_info[:3], sys.base_prefix, folder]
words += [sysconfig.get_path(name) for name in ("stdlib", "platstdlib")]
words += [path for path in sys.path if path]
found = []
for name in ("purelib", "platlib"):
    path = sysconfig.get_path(name, "posix_prefix", {"base": folder, "platbase": folder})
    if path not in found:
        found.append(path)
for path in list(found):
    for name in sorted(os.listdir(path) if os.path.isdir(path) else []):
        if not name.endswith(".pth"):
            continue
        with open(os.path.join(path, name), encoding="utf-8", errors="replace") as file:
            for line in file:
                place = os.path.normpath(os.path.join(path, line.strip()))
                if line.strip() and line[0] != "#" and place.startswith(path + os.sep) and os.path.isdir(place) and place not in found:
                    found.append(place)
sys.stdout.write("\0".join(words + found) + "\0")
)";

Error image_error(const Image& image, const std::string& what) {
  return Error{ErrorCode::sandbox_unavailable, "The Python image cannot be used: " + image.python.string() + ": " + what, {}, {}};
}

bool holds_parts(const fs::path& folder) {
  std::error_code ignored;
  const Parts parts{folder};
  return fs::exists(parts.launcher(), ignored) && fs::exists(parts.zygote(), ignored);
}

}  // namespace

Result<Parts> find_parts() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path here = program.parent_path();
  const fs::path tail = fs::path("wardian") / "_sandbox";
  // An installed environment: bin/wardian beside lib/python3.N/site-packages.
  for (const fs::directory_entry& entry : fs::directory_iterator(here.parent_path() / "lib", error)) {
    const fs::path folder = entry.path() / "site-packages" / tail;
    if (entry.path().filename().string().starts_with("python3") && holds_parts(folder)) return Parts{folder};
  }
  // A build tree: python/ somewhere above the program. Also python programs that load us: their interpreter stands in bin.
  for (fs::path folder = here; folder != folder.root_path(); folder = folder.parent_path())
    if (holds_parts(folder / "python" / tail)) return Parts{folder / "python" / tail};
  return Error{ErrorCode::sandbox_unavailable,
               "The sandbox's parts (wardian-launcher, zygote.py) were not found near: " + program.string(),
               {},
               {}};
}

Result<ImageLayout> examine_image(const Image& image) {
  // A minute and more, because an environment on a slow disk is read for the first time here.
  constexpr std::chrono::seconds kAnswerTimeMax{120};
  constexpr std::size_t kAnswerBytesMax = 1 << 20;
  process::SpawnPlan plan;
  plan.executable = image.python;
  if (image.environment_folder.empty()) {
    plan.arguments = {"-I", "-B", "-c", std::string(kQuestion)};
  } else {
    plan.arguments = {"-I", "-S", "-B", "-c", std::string(kSealedQuestion), image.environment_folder.string()};
  }
  plan.environment = {"LANG=C.UTF-8"};
  plan.new_session = true;
  const auto answer = process::ask_program(std::move(plan), kAnswerTimeMax, kAnswerBytesMax);
  if (!answer.ok()) return image_error(image, answer.error().message);
  if (answer->end.signalled || answer->end.number != 0)
    return image_error(image, "it ended with status " + std::to_string(answer->end.number));
  std::vector<std::string_view> words = split(answer->text, '\0');
  words.pop_back();  // each of them ends with one
  if (words.size() < 7) return image_error(image, "it gave no sensible answer");
  ImageLayout layout;
  layout.executable = words[0];
  layout.version = words[1];
  const fs::path base_prefix = words[2];
  layout.prefix = words[3];
  layout.search_path.assign(words.begin() + 6, words.end());
  std::vector<fs::path> shown = {layout.executable, words[4], words[5]};
  // An interpreter outside the system's own prefix keeps its shared library under its own lib.
  if (base_prefix != "/usr") shown.push_back(base_prefix / "lib");
  for (const std::string& path : layout.search_path) shown.emplace_back(path);
  for (const char* system : {"/usr/lib", "/lib", "/lib64", "/lib32", "/usr/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache"})
    shown.emplace_back(system);
  for (const fs::path& path : image.module_paths) shown.push_back(path);
  for (const fs::path& path : image.read_only_paths) shown.push_back(path);
  for (fs::path& path : shown) {
    std::error_code error;
    path = path.lexically_normal();
    if (path.has_relative_path() && !path.has_filename()) path = path.parent_path();  // a trailing slash
    if (fs::exists(path, error)) layout.shown_paths.push_back(path);
  }
  std::ranges::sort(layout.shown_paths);
  const auto repeated = std::ranges::unique(layout.shown_paths);
  layout.shown_paths.erase(repeated.begin(), repeated.end());
  return layout;
}

}  // namespace wardian::sandbox

#include "wardian/cli/answer/chart_scripts.h"

#include <array>
#include <filesystem>

#include "wardian/process/whole_file.h"

namespace wardian::cli {
namespace {

namespace fs = std::filesystem;

// In the order in which a page must run them.
constexpr std::array<const char*, 3> kScripts = {"vega.min.js", "vega-lite.min.js", "vega-embed.min.js"};

/// lib/python3.N/site-packages/wardian/charts beside the program's bin, or that of the tree in which it was built.
Result<fs::path> scripts_folder() {
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::directory_entry& entry : fs::directory_iterator(here.parent_path() / "lib", error)) {
    const fs::path folder = entry.path() / "site-packages" / "wardian" / "charts";
    if (fs::exists(folder / kScripts[0], error)) return folder;
  }
  for (fs::path folder = here; folder != folder.root_path(); folder = folder.parent_path())
    if (fs::exists(folder / ".deps" / "vega" / kScripts[0], error)) return folder / ".deps" / "vega";
  return Error{ErrorCode::io,
               "The scripts of charts (vega.min.js) were not found near: " + here.string(),
               {},
               "make build installs them."};
}

}  // namespace

Result<std::string> chart_scripts() {
  WARDIAN_ASSIGN(const fs::path folder, scripts_folder());
  std::string text;
  for (const char* const name : kScripts) {
    WARDIAN_ASSIGN(const std::string script, process::read_whole_file(folder / name));
    text += "<script>" + script + "</script>\n";
  }
  return text;
}

}  // namespace wardian::cli

#include "wardian/cli/debug/keep_calls.h"

#include <algorithm>
#include <cstdio>

#include "wardian/cli/open_instance.h"
#include "wardian/sandbox/console.h"

namespace wardian::cli {
namespace {

bool names_property(std::string_view text) {
  constexpr std::string_view kName = "query_python_debug";
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; };
  return !std::ranges::search(text, kName, same).empty();
}

}  // namespace

Status keep_calls(const QueryOptions& options, session::Request& request) {
  // Most queries do not ask for it, and a search costs less than to look where everything is.
  if (!options.debug_folder && !names_property(request.text)) return {};
  const Result<sandbox::Parts> parts = sandbox::find_parts();
  if (!parts.ok()) return {};  // then no Python runs either, and says why
  request.debug_folder =
      std::make_shared<pyrun::DebugFolder>(options.debug_folder.value_or("wardian_debug"), parts->folder.parent_path());
  request.debug_every_call = options.debug_folder.has_value();
  return options.debug_folder ? request.debug_folder->check() : Status();
}

void tell_calls_kept(const QueryOptions& options, const session::Request& request) {
  if (!request.debug_folder) return;
  const pyrun::DebugFolder& kept = *request.debug_folder;
  const std::string folder = sandbox::printable(kept.folder().string());
  if (kept.calls_kept() == 0) {
    if (options.debug_folder && !kept.any_begun())
      std::fprintf(stderr, "The query ran no Python, so nothing was written to %s\n", folder.c_str());
    return;
  }
  std::string told = kept.calls_kept() == 1 ? "1 Python call was" : std::to_string(kept.calls_kept()) + " Python calls were";
  told += " kept in " + folder;
  if (const auto more = kept.calls_left_out(); more > 0) told += ", " + std::to_string(more) + " more were not";
  std::fprintf(stderr, "%s; run it again by: wardian debug %s\n", told.c_str(), folder.c_str());
}

}  // namespace wardian::cli

// Texts cut at other texts or by a pattern, all pieces in one pass: what `parse` is made of. The pieces of a row travel as one text, each
// behind its length: "4:node2:17".
#include <charconv>
#include <cstring>

#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/regex_cache.h"

namespace wardian::kernels {
namespace {

void append_piece(std::string& out, Text piece) {
  char size[20];
  out.append(size, std::to_chars(size, size + sizeof size, piece.size()).ptr);
  out.push_back(':');
  out.append(piece);
}

/// The next piece of such a text, which gets shorter by it; nullopt where it is none.
std::optional<Text> take_piece(Text& pieces) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(pieces.data(), pieces.data() + pieces.size(), size);
  if (error != std::errc() || end == pieces.data() + pieces.size()) return std::nullopt;
  pieces.remove_prefix(static_cast<std::size_t>(end - pieces.data()) + 1);
  const Text piece = pieces.substr(0, size);
  pieces.remove_prefix(piece.size());
  return piece;
}

/// What `cut_at_texts` is told, read once: steps of one letter each, a text being a piece behind its 't'.
struct CutPlan {
  enum class Kind : char { text = 't', keep = 'k', skip = 's' };
  struct Step {
    Kind kind;
    std::string text;
  };
  std::string source;
  std::vector<Step> steps;

  void read(Text plan) {
    if (source == plan) return;
    source = plan;
    steps.clear();
    while (!plan.empty()) {
      const auto kind = static_cast<Kind>(plan.front());
      plan.remove_prefix(1);
      std::string text;
      if (kind == Kind::text) text = take_piece(plan).value_or(Text());
      steps.push_back({kind, std::move(text)});
    }
  }
};

std::size_t find_text(Text text, Text sought, std::size_t from) {
  if (sought.empty()) return from;
  const void* const found = ::memmem(text.data() + from, text.size() - from, sought.data(), sought.size());
  return found == nullptr ? Text::npos : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

/// Each text of the plan is sought behind the one before, and stands right there where nothing is kept or skipped in between. Kept is
/// what lies between; of several in a row the last has it all and the others are empty. A last one has the rest of the text. The first
/// place of each text is the only one to try: behind a later one there is less text for those that follow.
bool cut_at_texts(CutPlan& plan, Text text, Text steps, std::string& out) {
  plan.read(steps);
  std::size_t at = 0;    // behind the last text found
  std::size_t open = 0;  // keeps not yet closed
  bool gap = false, last_is_keep = false;
  const auto close = [&](Text between) {
    for (; open > 1; --open) append_piece(out, {});
    if (open == 1) append_piece(out, last_is_keep ? between : Text());
    open = 0;
    gap = false;
  };
  for (const CutPlan::Step& step : plan.steps) {
    if (step.kind != CutPlan::Kind::text) {
      last_is_keep = step.kind == CutPlan::Kind::keep;
      open += last_is_keep ? 1 : 0;
      gap = true;
      continue;
    }
    const std::size_t found = gap ? find_text(text, step.text, at) : text.substr(at).starts_with(step.text) ? at : Text::npos;
    if (found == Text::npos) return false;
    close(text.substr(at, found - at));
    at = found + step.text.size();
  }
  close(text.substr(at));
  return true;
}

/// The groups of a pattern that are pieces, by their names.
struct Groups {
  void learn(const re2::RE2& regex, Text text) {
    if (pattern == text) return;
    pattern = text;
    pieces.clear();
    for (const auto& [group, name] : regex.CapturingGroupNames()) {
      if (Text(name).starts_with(kCutGroup)) pieces.push_back(static_cast<std::size_t>(group));
    }
  }

  RegexCache regexes;
  std::string pattern;
  std::vector<std::size_t> pieces;
  std::vector<re2::StringPiece> found;
};

/// The groups of the first match whose names begin with kCutGroup.
bool cut_by_regex(Groups& groups, Text text, Text pattern, std::string& out) {
  const re2::RE2& regex = groups.regexes.find(pattern);
  groups.learn(regex, pattern);
  groups.found.resize(static_cast<std::size_t>(regex.NumberOfCapturingGroups()) + 1);
  if (!regex.Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, groups.found.data(), static_cast<int>(groups.found.size())))
    return false;
  for (const std::size_t group : groups.pieces) append_piece(out, view(groups.found[group]));
  return true;
}

/// Piece number `which`, from 0; '' where there is none.
void cut_piece(Text pieces, std::int64_t which, std::string& out) {
  for (; which > 0; --which)
    if (!take_piece(pieces)) return;
  if (const auto piece = take_piece(pieces)) out.append(*piece);
}

constexpr auto kKernels = std::to_array<Kernel>({
    kernel<&cut_at_texts>("wardian_cut_at_texts"),
    kernel<&cut_by_regex>("wardian_cut_by_regex"),
    kernel<&cut_piece>("wardian_cut_piece"),
});

}  // namespace

std::span<const Kernel> cut_kernels() { return kKernels; }

}  // namespace wardian::kernels

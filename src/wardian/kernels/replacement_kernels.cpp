#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"

// Many texts replaced at once.
namespace wardian::kernels {
namespace {

/// A part of the text: as it was, or what stands in the place of a match, which no later lookup sees.
struct Piece {
  Text text;
  bool settled = false;
};

/// Every piece that is not settled, cut at the matches of `lookup`.
void settle(std::vector<Piece>& pieces, std::vector<Piece>& cut, Text lookup, const std::string* rewrite) {
  cut.clear();
  for (const Piece& piece : pieces) {
    std::size_t begin = 0;
    for (std::size_t at = piece.settled ? Text::npos : piece.text.find(lookup); at != Text::npos;
         at = piece.text.find(lookup, begin)) {
      if (at > begin) cut.push_back({piece.text.substr(begin, at - begin)});
      cut.push_back({rewrite == nullptr ? piece.text.substr(at, lookup.size()) : Text(*rewrite), true});
      begin = at + lookup.size();
    }
    if (begin < piece.text.size()) cut.push_back({piece.text.substr(begin), piece.settled});
  }
  pieces.swap(cut);
}

/// Lookups and rewrites are arrays. An earlier lookup goes before a later one, wherever they match, and nothing is
/// replaced twice. A lookup that is no string is passed over; a rewrite that is none leaves its matches as they are.
bool replace_all(Text text, Text lookups, Text rewrites, std::string& out) {
  std::vector<Text> from, to;
  if (!split_json_array(lookups, from)) return false;
  const bool one_rewrite = json_kind(rewrites) == JsonKind::string;
  if (!one_rewrite && (!split_json_array(rewrites, to) || to.size() != from.size())) return false;
  std::vector<std::string> unescaped_rewrites(from.size());
  std::vector<Piece> pieces{{text}}, cut;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (json_kind(from[i]) != JsonKind::string) continue;
    const std::string lookup = unescaped(from[i]);
    if (lookup.empty()) continue;
    const Text rewrite = one_rewrite ? rewrites : to[i];
    const bool replaces = json_kind(rewrite) == JsonKind::string;
    if (replaces) append_unescaped(unescaped_rewrites[i], rewrite);
    settle(pieces, cut, lookup, replaces ? &unescaped_rewrites[i] : nullptr);
  }
  for (const Piece& piece : pieces) out.append(piece.text);
  return true;
}

constexpr Kernel kKernels[] = {
    kernel<&replace_all>("wardian_replace_strings"),
};

}  // namespace

std::span<const Kernel> replacement_kernels() { return kKernels; }

}  // namespace wardian::kernels

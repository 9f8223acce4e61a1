#include <memory>

#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/regex_cache.h"
#include "wardian/kernels/utf8.h"

namespace wardian::kernels {
namespace {

using Long = std::int64_t;
using re2::RE2;
using re2::StringPiece;

/// Calls `visit` with the groups of each match, from left to right; it says whether to go on. Empty matches move on by
/// one character.
template <class Visit>
void each_match(const RE2& regex, Text text, std::vector<StringPiece>& groups, Visit visit) {
  groups.resize(static_cast<std::size_t>(regex.NumberOfCapturingGroups()) + 1);
  const StringPiece whole = piece(text);
  std::size_t at = 0;
  while (at <= text.size() &&
         regex.Match(whole, at, text.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()))) {
    if (!visit()) return;
    const auto end = static_cast<std::size_t>(groups[0].data() + groups[0].size() - text.data());
    if (!groups[0].empty())
      at = end;
    else if (end < text.size())
      at = end + character_size(text[end]);
    else
      return;
  }
}

/// The group of the first match, '' without one.
void extract(RegexCache& cache, Text pattern, Long group, Text text, std::string& out) {
  const RE2& regex = cache.find(pattern);
  if (group < 0 || group > regex.NumberOfCapturingGroups()) return;
  std::vector<StringPiece> groups(static_cast<std::size_t>(group) + 1);
  if (!regex.Match(piece(text), 0, text.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(groups.size()))) return;
  out.append(view(groups.back()));
}

/// The wanted groups of a match: their text alone when it is one group, else an array of them.
void add_groups(JsonArrayWriter& matches, std::string& out, std::span<const StringPiece> groups,
                std::span<const std::size_t> wanted) {
  if (wanted.size() == 1) {
    matches.add_string(view(groups[wanted[0]]));
    return;
  }
  matches.separate();
  JsonArrayWriter parts(out);
  for (const std::size_t group : wanted) parts.add_string(view(groups[group]));
  parts.close();
}

/// An array of all matches; `wanted_groups` is an array of group numbers or names, or null for all groups.
bool extract_all(RegexCache& cache, Text pattern, std::optional<Text> wanted_groups, Text text, std::string& out) {
  const RE2& regex = cache.find(pattern);
  const auto count = static_cast<std::size_t>(regex.NumberOfCapturingGroups());
  std::vector<std::size_t> wanted;
  if (wanted_groups) {
    for (JsonWalk walk(*wanted_groups); walk.next();) {
      if (const auto number = parse_long(walk.value()); number && *number >= 0 && static_cast<std::size_t>(*number) <= count) {
        wanted.push_back(static_cast<std::size_t>(*number));
      } else if (const auto& names = regex.NamedCapturingGroups(); names.contains(unescaped(walk.value()))) {
        wanted.push_back(static_cast<std::size_t>(names.at(unescaped(walk.value()))));
      }
    }
  } else {
    for (std::size_t group = count == 0 ? 0 : 1; group <= count; ++group) wanted.push_back(group);
  }
  if (wanted.empty()) return false;
  std::vector<StringPiece> groups;
  JsonArrayWriter matches(out);
  bool any = false;
  each_match(regex, text, groups, [&] {
    add_groups(matches, out, groups, wanted);
    return any = true;
  });
  matches.close();
  return any;
}

Long count_matches(RegexCache& cache, Text text, Text pattern) {
  const RE2& regex = cache.find(pattern);
  Long count = 0;
  std::vector<StringPiece> groups;
  each_match(regex, text, groups, [&] { return ++count, true; });
  return count;
}

/// As indexof, for a pattern; matches do not overlap, and a start below zero gives null.
std::optional<Long> index_of_match(RegexCache& cache, Text text, Text pattern, Long start, Long length, Long occurrence) {
  const RE2& regex = cache.find(pattern);
  const Long size = character_count(text);
  if (start < 0 || occurrence < 0 || length < -1) return std::nullopt;
  if (start > size || occurrence == 0) return -1;
  const Text rest = text.substr(character_offset(text, start));
  const Text range = length < 0 ? rest : rest.substr(0, character_offset(rest, length));
  Long found = -1;
  std::vector<StringPiece> groups;
  each_match(regex, range, groups, [&] {
    if (--occurrence > 0) return true;
    found = start + character_count(range.substr(0, static_cast<std::size_t>(groups[0].data() - range.data())));
    return false;
  });
  return found;
}

/// \0 … \9 in the rewrite stand for groups, "\\\\" for a backslash; $1 as well.
void replace_matches(RegexCache& cache, Text text, Text pattern, Text rewrite, std::string& out) {
  const RE2& regex = cache.find(pattern);
  std::vector<StringPiece> groups;
  std::size_t copied = 0;
  each_match(regex, text, groups, [&] {
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    out.append(text, copied, begin - copied);
    copied = begin + groups[0].size();
    for (std::size_t at = 0; at < rewrite.size(); ++at) {
      const bool marked = (rewrite[at] == '\\' || rewrite[at] == '$') && at + 1 < rewrite.size();
      if (marked && rewrite[at + 1] >= '0' && rewrite[at + 1] <= '9') {
        const auto group = static_cast<std::size_t>(rewrite[++at] - '0');
        if (group < groups.size()) out.append(view(groups[group]));
      } else if (marked && rewrite[at] == '\\' && rewrite[at + 1] == '\\') {
        out.push_back('\\');
        ++at;
      } else {
        out.push_back(rewrite[at]);
      }
    }
    return true;
  });
  out.append(text, copied);
}

/// The match at the start, or nothing.
Text trimmed_start(const RE2& regex, Text text) {
  StringPiece match;
  if (!regex.Match(piece(text), 0, text.size(), RE2::ANCHOR_START, &match, 1)) return text;
  return text.substr(match.size());
}

/// A trailing match is one anchored at the end: the leftmost place where the pattern reaches it.
Text trimmed_end(const RE2& regex, Text text) {
  for (std::size_t at = 0; at < text.size();) {
    StringPiece found;
    if (!regex.Match(piece(text), at, text.size(), RE2::UNANCHORED, &found, 1)) return text;
    const auto begin = static_cast<std::size_t>(found.data() - text.data());
    StringPiece tail;
    if (begin < text.size() && regex.Match(piece(text), begin, text.size(), RE2::ANCHOR_BOTH, &tail, 1)) {
      return text.substr(0, begin);
    }
    at = begin < text.size() ? begin + character_size(text[begin]) : text.size();
  }
  return text;
}

void trim_start(RegexCache& cache, Text pattern, Text text, std::string& out) {
  out.append(trimmed_start(cache.find(pattern), text));
}
void trim_end(RegexCache& cache, Text pattern, Text text, std::string& out) {
  out.append(trimmed_end(cache.find(pattern), text));
}
void trim_both(RegexCache& cache, Text pattern, Text text, std::string& out) {
  const RE2& regex = cache.find(pattern);
  out.append(trimmed_end(regex, trimmed_start(regex, text)));
}

void quote(Text text, std::string& out) { out = regex_quoted(text); }

bool matches(RegexCache& cache, Text text, Text pattern) { return RE2::PartialMatch(piece(text), cache.find(pattern)); }

constexpr Kernel kKernels[] = {
    kernel<&count_matches>("wardian_countof_regex"),
    kernel<&extract>("wardian_extract"),
    kernel<&extract_all>("wardian_extract_all"),
    kernel<&index_of_match>("wardian_indexof_regex"),
    kernel<&matches>("wardian_matches_regex"),
    kernel<&quote>("wardian_regex_quote"),
    kernel<&replace_matches>("wardian_replace_regex"),
    kernel<&trim_both>("wardian_trim"),
    kernel<&trim_end>("wardian_trim_end"),
    kernel<&trim_start>("wardian_trim_start"),
};

}  // namespace

std::span<const Kernel> regex_kernels() { return kKernels; }

}  // namespace wardian::kernels

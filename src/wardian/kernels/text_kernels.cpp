#include <algorithm>
#include <cstring>

#include "wardian/kernels/conversion.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/utf8.h"

namespace wardian::kernels {
namespace {

using Long = std::int64_t;

/// Position in characters of an occurrence of `lookup` within `length` characters (all when below zero) from `start`
/// (from the end when below zero; the beginning where that is before it), or -1. Occurrences are counted from 1,
/// overlapping ones too; each lies wholly within its range, and the length counts anew after the one before it, as the
/// documentation's examples have it. Null for a length below -1 and an occurrence below zero.
std::optional<Long> index_of(Text text, Text lookup, Long start, Long length, Long occurrence) {
  const Long size = character_count(text);
  if (start < 0) start = std::max<Long>(size + start, 0);
  if (occurrence < 0 || length < -1) return std::nullopt;
  if (start > size || occurrence == 0) return -1;
  std::size_t begin = character_offset(text, start);
  while (true) {
    const Text rest = text.substr(begin);
    const Text range = length < 0 ? rest : rest.substr(0, character_offset(rest, length));
    const std::size_t found = range.find(lookup);
    if (found == Text::npos) return -1;
    begin += found;
    if (--occurrence == 0) return character_count(text.substr(0, begin));
    if (begin >= text.size()) return -1;
    begin += character_size(text[begin]);
  }
}

/// Characters from a start counted from 0, or, below zero, from the end.
void substring(Text text, Long start, std::optional<Long> length, std::string& out) {
  if (start < 0) start = std::max<Long>(0, start + character_count(text));
  if (length && *length <= 0) return;
  const Text rest = text.substr(character_offset(text, start));
  out.append(length ? rest.substr(0, character_offset(rest, *length)) : rest);
}

/// Occurrences of plain text; they may overlap.
Long count_of(Text text, Text search) {
  if (search.empty()) return 0;
  Long count = 0;
  for (std::size_t at = text.find(search); at != Text::npos; at = text.find(search, at + 1)) ++count;
  return count;
}

void reverse(Text text, std::string& out) {
  out.resize(text.size());
  std::size_t end = text.size();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = std::min(character_size(text[at]), text.size() - at);
    end -= size;
    std::memcpy(out.data() + end, text.data() + at, size);
    at += size;
  }
}

/// An array of the parts between delimiters; an empty delimiter leaves the text whole.
bool split(Text text, Text delimiter, std::string& out) {
  JsonArrayWriter array(out);
  std::size_t begin = 0;
  while (!delimiter.empty()) {
    const std::size_t end = text.find(delimiter, begin);
    if (end == Text::npos) break;
    array.add_string(text.substr(begin, end - begin));
    begin = end + delimiter.size();
  }
  array.add_string(text.substr(begin));
  array.close();
  return true;
}
std::optional<Text> part_at(Text text, Text delimiter, Long wanted) {
  std::size_t begin = 0;
  for (Long part = 0;; ++part) {
    const std::size_t end = delimiter.empty() ? Text::npos : text.find(delimiter, begin);
    if (part == wanted) return text.substr(begin, end == Text::npos ? end : end - begin);
    if (end == Text::npos) return std::nullopt;
    begin = end + delimiter.size();
  }
}
/// An array of the one part at `wanted`, null where there is none.
bool split_part(Text text, Text delimiter, Long wanted, std::string& out) {
  const auto part = part_at(text, delimiter, wanted);
  if (!part) return false;
  JsonArrayWriter array(out);
  array.add_string(*part);
  array.close();
  return true;
}

/// An element of what split() makes, without the rest; a negative place counts from the end.
std::optional<Text> split_at(Text text, Text delimiter, Long wanted) {
  if (wanted < 0) {
    for (std::size_t at = 0; !delimiter.empty() && (at = text.find(delimiter, at)) != Text::npos; at += delimiter.size())
      ++wanted;
    ++wanted;
  }
  return wanted < 0 ? std::nullopt : part_at(text, delimiter, wanted);
}
bool split_element(Text text, Text delimiter, Long wanted, std::string& out) {
  const auto part = split_at(text, delimiter, wanted);
  if (part) append_json_string(out, *part);
  return part.has_value();
}
/// The same as tostring() makes it text.
void split_text(Text text, Text delimiter, Long wanted, std::string& out) {
  out.append(split_at(text, delimiter, wanted).value_or(Text()));
}

void repeat_text(Text text, Long times, Text delimiter, std::string& out) {
  times = std::min<Long>(times, 1024);
  for (Long i = 0; i < times; ++i) {
    if (i > 0) out.append(delimiter);
    out.append(text);
  }
}

Long compare(Text a, Text b) {
  const int order = a.compare(b);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

/// Each character of `search` becomes the one at its place in `replacement`, whose last one stands for those beyond.
void translate(Text search, Text replacement, Text text, std::string& out) {
  if (search.empty() || replacement.empty()) {
    // Nothing to translate to: what the search list names disappears.
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = std::min(character_size(text[at]), text.size() - at);
      const Text character = text.substr(at, size);
      if (search.find(character) == Text::npos) out.append(character);
      at += size;
    }
    return;
  }
  std::vector<std::uint32_t> from, to;
  for (std::size_t at = 0; at < search.size();) from.push_back(next_codepoint(search, at));
  for (std::size_t at = 0; at < replacement.size();) to.push_back(next_codepoint(replacement, at));
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t character = next_codepoint(text, at);
    const auto found = std::find(from.begin(), from.end(), character);
    if (found == from.end())
      append_codepoint(out, character);
    else
      append_codepoint(out, to[std::min(static_cast<std::size_t>(found - from.begin()), to.size() - 1)]);
  }
}

/// false at the first value that is no code point.
bool append_codepoints(Text json, std::string& out) {
  for (JsonWalk walk(json); walk.next();) {
    if (json_kind(walk.value()) == JsonKind::array) {
      if (!append_codepoints(walk.value(), out)) return false;
      continue;
    }
    const auto codepoint = json_kind(walk.value()) == JsonKind::integer ? dynamic_to_long(walk.value()) : std::nullopt;
    if (!codepoint || !is_codepoint(*codepoint)) return false;
    append_codepoint(out, static_cast<std::uint32_t>(*codepoint));
  }
  return true;
}
/// The argument is one array, which may hold arrays. '' when one of the values is no code point.
void codepoints_to_text(Text json, std::string& out) {
  if (!append_codepoints(json, out)) out.clear();
}
bool codepoints_from_text(Text text, std::string& out) {
  JsonArrayWriter array(out);
  for (std::size_t at = 0; at < text.size();) {
    array.separate();
    append_long(out, next_codepoint(text, at));
  }
  array.close();
  return true;
}

std::string folded(Text value) {
  std::string made(value);
  for (char& c : made) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return made;
}

/// Whether the needle occurs where it is not cut out of a longer term; both are folded. An end of it that is no term
/// character sets no bound.
bool has_term(Text haystack, Text needle) {
  const auto in_term = [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  };
  if (needle.empty()) return true;
  const bool bound_before = in_term(needle.front()), bound_after = in_term(needle.back());
  for (std::size_t at = haystack.find(needle); at != Text::npos; at = haystack.find(needle, at + 1)) {
    const std::size_t end = at + needle.size();
    const bool cut_before = bound_before && at > 0 && in_term(haystack[at - 1]);
    const bool cut_after = bound_after && end < haystack.size() && in_term(haystack[end]);
    if (!cut_before && !cut_after) return true;
  }
  return false;
}

/// Calls `visit` for each of `texts` (an array), with whether the text has it as a term, until it says to stop.
template <class Visit>
void each_term(Text text, Text texts, Visit visit) {
  const std::string haystack = folded(text);
  for (JsonWalk walk(texts); walk.next();) {
    std::string needle;
    append_dynamic_as_text(needle, walk.value());
    if (!visit(has_term(haystack, folded(needle)))) return;
  }
}

/// Position in `texts` (an array) of the first one that occurs in the text, or -1.
Long has_any_index(Text text, Text texts) {
  Long index = -1, at = 0;
  each_term(text, texts, [&](bool found) {
    if (found) index = at;
    ++at;
    return !found;
  });
  return index;
}

bool has_any(Text text, std::optional<Text> texts) { return texts && has_any_index(text, *texts) >= 0; }

/// Holds of no texts at all.
bool has_all(Text text, std::optional<Text> texts) {
  bool all = true;
  if (texts) each_term(text, *texts, [&](bool found) { return all = found; });
  return all;
}

constexpr Kernel kKernels[] = {
    kernel<&codepoints_from_text>("wardian_codepoints_from_text"),
    kernel<&codepoints_to_text>("wardian_codepoints_to_text"),
    kernel<&count_of>("wardian_countof"),
    kernel<&has_all>("wardian_has_all"),
    kernel<&has_any>("wardian_has_any"),
    kernel<&has_any_index>("wardian_has_any_index"),
    kernel<&index_of>("wardian_indexof"),
    kernel<&is_ascii>("wardian_isascii"),
    kernel<&reverse>("wardian_reverse"),
    kernel<&split>("wardian_split"),
    kernel<&split_element>("wardian_split_element"),
    kernel<&split_part>("wardian_split_part"),
    kernel<&split_text>("wardian_split_text"),
    kernel<&compare>("wardian_strcmp"),
    kernel<&repeat_text>("wardian_strrep"),
    kernel<&substring>("wardian_substring"),
    kernel<&translate>("wardian_translate"),
};

}  // namespace

std::span<const Kernel> text_kernels() { return kKernels; }

}  // namespace wardian::kernels

#include "wardian/kernels/regex_class.h"

#include <algorithm>
#include <cstdio>

#include <re2/re2.h>

#include "wardian/kernels/utf8.h"

namespace wardian::kernels {
namespace {

constexpr std::string_view kSpace = "\\t-\\r\\x{85}\\p{Z}";
// Alphabetic, marks, decimal digits, connectors and joiners. What is alphabetic without being a letter, a letter number or a
// mark are the circled and squared Latin letters. A class comes last: a '-' that follows must not make a range.
constexpr std::string_view kWord =
    "\\x{200C}\\x{200D}\\x{24B6}-\\x{24E9}\\x{1F130}-\\x{1F149}\\x{1F150}-\\x{1F169}\\x{1F170}-\\x{1F189}"
    "\\p{L}\\p{M}\\p{Nd}\\p{Nl}\\p{Pc}";
constexpr std::string_view kUppercase =
    "\\x{2160}-\\x{216F}\\x{24B6}-\\x{24CF}\\x{1F130}-\\x{1F149}\\x{1F150}-\\x{1F169}\\x{1F170}-\\x{1F189}\\p{Lu}";

struct PropertyName {
  std::string_view key;    // in lower case, letters and digits only
  std::string_view name;   // RE2's, or
  std::string_view items;  // where RE2 has none
};

// Sorted by key. Source: Unicode, PropertyValueAliases.txt and PropList.txt.
constexpr PropertyName kProperties[] = {
    {"ascii", "", "\\x{0}-\\x{7F}"},
    {"casedletter", "", "\\p{Lu}\\p{Ll}\\p{Lt}"},
    {"closepunctuation", "Pe", ""},
    {"cntrl", "Cc", ""},
    {"combiningmark", "M", ""},
    {"connectorpunctuation", "Pc", ""},
    {"control", "Cc", ""},
    {"currencysymbol", "Sc", ""},
    {"dashpunctuation", "Pd", ""},
    {"decimalnumber", "Nd", ""},
    {"digit", "Nd", ""},
    {"enclosingmark", "Me", ""},
    {"finalpunctuation", "Pf", ""},
    {"format", "Cf", ""},
    {"initialpunctuation", "Pi", ""},
    {"lc", "", "\\p{Lu}\\p{Ll}\\p{Lt}"},
    {"letter", "L", ""},
    {"letternumber", "Nl", ""},
    {"lineseparator", "Zl", ""},
    {"lowercaseletter", "Ll", ""},
    {"mark", "M", ""},
    {"mathsymbol", "Sm", ""},
    {"modifierletter", "Lm", ""},
    {"modifiersymbol", "Sk", ""},
    {"nonspacingmark", "Mn", ""},
    {"number", "N", ""},
    {"openpunctuation", "Ps", ""},
    {"otherletter", "Lo", ""},
    {"othernumber", "No", ""},
    {"otherpunctuation", "Po", ""},
    {"othersymbol", "So", ""},
    {"paragraphseparator", "Zp", ""},
    {"privateuse", "Co", ""},
    {"punct", "P", ""},
    {"punctuation", "P", ""},
    {"separator", "Z", ""},
    {"spaceseparator", "Zs", ""},
    {"spacingmark", "Mc", ""},
    {"symbol", "S", ""},
    {"titlecaseletter", "Lt", ""},
    {"uppercase", "", kUppercase},
    {"uppercaseletter", "Lu", ""},
    {"whitespace", "", kSpace},
};
static_assert(std::ranges::is_sorted(kProperties, {}, &PropertyName::key));

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

/// RE2 writes scripts with a capital at the start of each word: Old_Italic.
std::string script_name(std::string_view name) {
  std::string made;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const bool starts = at == 0 || !is_letter(name[at - 1]);
    made.push_back(name[at] == ' ' || name[at] == '-' ? '_' : starts ? upper(name[at]) : lower(name[at]));
  }
  return made;
}

/// All characters, in order; surrogates are none.
const std::string& every_character() {
  static const std::string text = [] {
    std::string made;
    for (std::uint32_t code = 0; code <= 0x10FFFF; ++code) {
      if (code < 0xD800 || code > 0xDFFF) append_codepoint(made, code);
    }
    return made;
  }();
  return text;
}

}  // namespace

std::string regex_class_complement(std::string_view items) {
  const re2::RE2 outside("([^" + std::string(items) + "]+)");
  std::string made;
  re2::StringPiece rest(every_character()), run;
  while (re2::RE2::FindAndConsume(&rest, outside, &run)) {
    std::size_t first = 0, last = run.size() - 1;
    while ((static_cast<unsigned char>(run[last]) & 0xC0) == 0x80) --last;
    const std::string_view text(run.data(), run.size());
    char range[32];
    std::snprintf(range, sizeof range, "\\x{%X}-\\x{%X}", next_codepoint(text, first), next_codepoint(text, last));
    made += range;
  }
  return made;
}

std::string_view regex_class_items(char letter) {
  switch (letter) {
    case 'd': return "\\p{Nd}";
    case 'D': return "\\P{Nd}";
    case 's': return kSpace;
    case 'S': {
      static const std::string none = regex_class_complement(kSpace);
      return none;
    }
    case 'W': {
      static const std::string none = regex_class_complement(kWord);
      return none;
    }
    default: return kWord;
  }
}

PropertyClass regex_property(std::string_view name) {
  if (const std::size_t equals = name.find('='); equals != std::string_view::npos) name.remove_prefix(equals + 1);
  std::string key;
  for (const char c : name) {
    if (c != '_' && c != '-' && c != ' ') key.push_back(lower(c));
  }
  const auto* row = std::ranges::lower_bound(kProperties, key, {}, &PropertyName::key);
  if (row != std::end(kProperties) && row->key == key) return {std::string(row->name), std::string(row->items)};
  return {script_name(name), ""};
}

}  // namespace wardian::kernels

#pragma once

#include <string>
#include <string_view>

/// Unicode character classes as RE2 spells them: what stands between the brackets of a class.
namespace wardian::kernels {

/// \d, \s, \w and their negations \D, \S, \W, by their letter. Source: UTS #18, compatibility properties.
std::string_view regex_class_items(char letter);

/// The characters that are not among these. Reads all of Unicode once: some 10 ms.
std::string regex_class_complement(std::string_view items);

/// What \p{name} says: long and short names of general categories, and scripts; case, '_', '-' and spaces do not count.
struct PropertyClass {
  std::string name;   // RE2's, to stand in \p{…}; one that it does not know is left for it to refuse
  std::string items;  // where it has no name of its own
};
PropertyClass regex_property(std::string_view name);

}  // namespace wardian::kernels

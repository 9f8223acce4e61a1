#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace wardian::kernels {

/// Finds one text in many others, where case may not matter and where it may have to begin or end with a term. Terms are the
/// longest runs of letters and digits. An end of the wanted text that is neither sets no bound.
///
/// Texts of ASCII alone are searched for the wanted text's rarest character, many bytes at a time; all others by a regular expression,
/// which knows the letters and cases of Unicode.
class TermFinder {
 public:
  struct Rule {
    bool with_case = false;
    bool whole_start = false, whole_end = false;  // not cut out of a longer term there
  };

  TermFinder(std::string_view wanted, Rule rule);
  ~TermFinder();

  bool is_in(std::string_view text) const;

 private:
  bool is_in_any(std::string_view text) const;
  bool is_in_ascii(std::string_view text) const;
  bool matches_at(std::string_view text, std::size_t begin) const;

  std::string wanted_;  // in lower case where case does not matter and it is of ASCII
  Rule rule_;
  bool ascii_ = false;
  bool bound_start_ = false, bound_end_ = false;
  std::size_t rarest_ = 0;  // the place of the character that is looked for
  char rarest_lower_ = 0, rarest_upper_ = 0;
  mutable std::unique_ptr<re2::RE2> regex_;  // made with the first text that needs it
};

}  // namespace wardian::kernels

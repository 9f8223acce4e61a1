#include "wardian/kernels/term_finder.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstring>

#include "wardian/kernels/utf8.h"

namespace wardian::kernels {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
constexpr bool is_term_character(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

/// How often a character stands in texts, roughly: the less, the fewer false starts.
int frequency(char c) {
  constexpr std::string_view kLetters = "zqjxkvbpgwyfmucdlhrsnioate";  // of English, the rarest first
  if (const std::size_t at = kLetters.find(c); at != std::string_view::npos) return 4 * (static_cast<int>(at) + 2);
  if (c >= 'A' && c <= 'Z') return 6;
  if (c >= '0' && c <= '9') return 40;
  return c == ' ' ? 200 : std::string_view("-_./:,=\"").find(c) != std::string_view::npos ? 30 : 2;
}

std::string pattern_of(std::string_view wanted, TermFinder::Rule rule) {
  static const re2::RE2 kStartsWithTerm("^[\\p{L}\\p{N}]"), kEndsWithTerm("[\\p{L}\\p{N}]$");
  const re2::StringPiece piece(wanted.data(), wanted.size());
  std::string pattern = rule.with_case ? "(?s)" : "(?is)";
  if (rule.whole_start && re2::RE2::PartialMatch(piece, kStartsWithTerm)) pattern += "(?:^|[^\\p{L}\\p{N}])";
  pattern += re2::RE2::QuoteMeta(piece);
  if (rule.whole_end && re2::RE2::PartialMatch(piece, kEndsWithTerm)) pattern += "(?:$|[^\\p{L}\\p{N}])";
  return pattern;
}

}  // namespace

TermFinder::TermFinder(std::string_view wanted, Rule rule) : wanted_(wanted), rule_(rule), ascii_(is_ascii(wanted)) {
  if (!ascii_ || wanted_.empty()) return;
  bound_start_ = rule.whole_start && is_term_character(wanted_.front());
  bound_end_ = rule.whole_end && is_term_character(wanted_.back());
  if (!rule.with_case) std::ranges::transform(wanted_, wanted_.begin(), lower);
  const auto at = std::ranges::min_element(wanted_, {}, frequency);
  rarest_ = static_cast<std::size_t>(at - wanted_.begin());
  rarest_lower_ = *at;
  rarest_upper_ = rule.with_case ? *at : upper(*at);
}
TermFinder::~TermFinder() = default;

bool TermFinder::matches_at(std::string_view text, std::size_t begin) const {
  const std::size_t end = begin + wanted_.size();
  if (bound_start_ && begin > 0 && is_term_character(text[begin - 1])) return false;
  if (bound_end_ && end < text.size() && is_term_character(text[end])) return false;
  if (rule_.with_case) return std::memcmp(text.data() + begin, wanted_.data(), wanted_.size()) == 0;
  for (std::size_t at = 0; at < wanted_.size(); ++at) {
    if (lower(text[begin + at]) != wanted_[at]) return false;
  }
  return true;
}

bool TermFinder::is_in_ascii(std::string_view text) const {
  if (text.size() < wanted_.size()) return false;
  const char* const last = text.data() + text.size() - (wanted_.size() - 1 - rarest_);  // one past
  const auto next = [&](const char* from, char c) {
    const void* found = from < last ? std::memchr(from, c, static_cast<std::size_t>(last - from)) : nullptr;
    return found == nullptr ? last : static_cast<const char*>(found);
  };
  const char* low = next(text.data() + rarest_, rarest_lower_);
  const char* high = rarest_upper_ == rarest_lower_ ? last : next(text.data() + rarest_, rarest_upper_);
  while (low != last || high != last) {
    const char* const here = std::min(low, high);
    if (matches_at(text, static_cast<std::size_t>(here - text.data()) - rarest_)) return true;
    if (here == low)
      low = next(low + 1, rarest_lower_);
    else
      high = next(high + 1, rarest_upper_);
  }
  return false;
}

bool TermFinder::is_in_any(std::string_view text) const {
  if (regex_ == nullptr) {
    re2::RE2::Options quiet;
    quiet.set_log_errors(false);
    regex_ = std::make_unique<re2::RE2>(pattern_of(wanted_, rule_), quiet);
  }
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *regex_);
}

bool TermFinder::is_in(std::string_view text) const {
  if (wanted_.empty()) return true;
  if (ascii_ && is_ascii(text)) return is_in_ascii(text);
  return is_in_any(text);
}

}  // namespace wardian::kernels

#include "wardian/kql/completion/ranking.h"

#include <algorithm>
#include <optional>
#include <set>

namespace wardian::kql {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool same_at(std::string_view text, std::size_t at, std::string_view letters) {
  if (text.size() - at < letters.size()) return false;
  return std::ranges::equal(text.substr(at, letters.size()), letters, {}, lower, lower);
}

/// Lower is better; nothing where it does not fit.
std::optional<int> distance(std::string_view label, std::string_view letters) {
  if (letters.empty()) return 0;
  if (label.starts_with(letters)) return label.size() == letters.size() ? 0 : 1;
  std::optional<int> best;
  for (std::size_t at = 0; at + letters.size() <= label.size(); ++at) {
    if (!same_at(label, at, letters)) continue;
    if (at == 0) return 2;
    const char before = label[at - 1];
    const bool part = before == '_' || before == '-' || before == '.' || before == ' ' || before == '!' ||
                      (is_lower(before) && !is_lower(label[at]));
    best = std::min(best.value_or(4), part ? 3 : 4);
  }
  return best;
}

}  // namespace

void rank(std::vector<Candidate>& candidates, std::string_view letters) {
  struct Fit {
    int distance;
    std::size_t order;
  };
  std::vector<std::pair<Fit, Candidate>> fitting;
  std::set<std::pair<CandidateKind, std::string_view>> seen;
  for (std::size_t at = 0; at < candidates.size(); ++at) {
    const auto found = distance(candidates[at].label, letters);
    if (!found || !seen.emplace(candidates[at].kind, candidates[at].label).second) continue;
    fitting.emplace_back(Fit{*found, at}, candidates[at]);
  }
  std::ranges::stable_sort(fitting, [](const auto& a, const auto& b) {
    return a.first.distance != b.first.distance ? a.first.distance < b.first.distance : a.first.order < b.first.order;
  });
  std::vector<Candidate> made;
  made.reserve(fitting.size());
  for (auto& [fit, candidate] : fitting) made.push_back(std::move(candidate));
  candidates = std::move(made);
}

}  // namespace wardian::kql

#include "wardian/kql/operators/operator_hints.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "wardian/base/similar_name.h"
#include "wardian/kql/binder.h"

namespace wardian::kql {
namespace {

struct Hint {
  std::string_view operation, name;
  std::string_view words = {};  // its values, parted by |; "bool"; none: any
};

constexpr std::string_view kStrategies = "auto|broadcast|centralized|shuffle";
constexpr std::string_view kSpread = "auto|local|left|right|unresolved";

/// Source: the language's own service, and for lookup, which is a join, what a join has.
constexpr auto kHints = std::to_array<Hint>({
    {"as", "hint.materialized"},
    {"distinct", "hint.num_partitions"},
    {"distinct", "hint.shufflekey"},
    {"distinct", "hint.strategy", kStrategies},
    {"join", "hint.num_partitions"},
    {"join", "hint.remote", kSpread},
    {"join", "hint.shufflekey"},
    {"join", "hint.strategy", kStrategies},
    {"lookup", "hint.num_partitions"},
    {"lookup", "hint.remote", kSpread},
    {"lookup", "hint.shufflekey"},
    {"lookup", "hint.strategy", kStrategies},
    {"make-graph", "hint.strategy", "shuffle|native"},
    {"make-series", "hint.shufflekey"},
    {"partition", "hint.concurrency"},
    {"partition", "hint.materialized"},
    {"partition", "hint.shufflekey"},
    {"partition", "hint.spread"},
    {"partition", "hint.strategy"},
    {"sort", "hint.strategy", "splitBlock|multipleBlocks"},
    {"summarize", "hint.num_partitions"},
    {"summarize", "hint.shufflekey"},
    {"summarize", "hint.strategy", "shuffle"},
    {"top", "hint.progressive_top", "bool"},
    {"union", "hint.concurrency"},
    {"union", "hint.spread"},
});

Status check_value(const Hint& hint, const syntax::Expr& value) {
  if (hint.words.empty()) return {};
  const auto* literal = std::get_if<syntax::Literal>(&value.node);
  const auto* name = std::get_if<syntax::Name>(&value.node);
  const auto* text = literal == nullptr ? nullptr : std::get_if<std::string>(&literal->value.held);
  if (hint.words == "bool") {
    if (literal != nullptr && literal->value.type == columnar::Type::boolean) return {};
    return error_at(ErrorCode::bad_argument, "true or false is needed here", value.span);
  }
  const std::string_view given = name != nullptr ? std::string_view(name->text) : text != nullptr ? std::string_view(*text) : "";
  std::vector<std::string_view> words;
  std::string all;
  for (std::string_view rest = hint.words; !rest.empty();) {
    const std::size_t end = std::min(rest.find('|'), rest.size());
    words.push_back(rest.substr(0, end));
    all += (all.empty() ? "" : ", ") + std::string(words.back());
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (std::ranges::find(words, given) != words.end()) return {};
  return error_at(ErrorCode::bad_argument, "No such value of " + std::string(hint.name) + ": " + std::string(given), value.span,
                  (words.size() > 1 ? "One of " : "Its value: ") + all);
}

}  // namespace

Status check_hints(std::string_view operation, const syntax::Parameters& parameters) {
  for (const syntax::Parameter& parameter : parameters) {
    const std::string& name = parameter.name.text;
    if (!name.starts_with("hint.")) continue;
    std::vector<std::string_view> known;
    const Hint* found = nullptr;
    for (const Hint& hint : kHints) {
      if (hint.operation != operation) continue;
      known.push_back(hint.name);
      if (hint.name == name) found = &hint;
    }
    if (found == nullptr) {
      SourceSpan own = parameter.name.span;
      own.begin = std::min(own.end, own.begin + static_cast<std::uint32_t>(std::string_view("hint.").size()));
      return error_at(ErrorCode::bad_argument, std::string(operation) + " has no hint of that name: " + name, own,
                      did_you_mean(name, known));
    }
    WARDIAN_TRY(check_value(*found, parameter.value));
  }
  return {};
}

}  // namespace wardian::kql

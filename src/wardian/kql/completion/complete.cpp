#include "wardian/kql/completion/complete.h"

#include <algorithm>

#include "wardian/kql/completion/candidates_at.h"
#include "wardian/kql/completion/place.h"
#include "wardian/kql/completion/ranking.h"

namespace wardian::kql {
namespace {

using syntax::TokenKind;

/// In the place of an operator its letters may have dashes: "project-aw" is one word.
void take_dashed_word(TokensBefore& tokens) {
  const auto is_minus = [&] {
    return !tokens.tokens.empty() && tokens.tokens.back().kind == TokenKind::minus &&
           tokens.tokens.back().span.end == tokens.word_begin;
  };
  TokensBefore shorter = tokens;
  while (is_minus() && tokens.tokens.size() >= 2 && tokens.adjacent(tokens.tokens.size() - 2) &&
         tokens.tokens[tokens.tokens.size() - 2].kind == TokenKind::identifier) {
    tokens.word_begin = tokens.tokens[tokens.tokens.size() - 2].span.begin;
    tokens.tokens.resize(tokens.tokens.size() - 2);
  }
  const Place place = find_place(tokens);
  const Bracket& here = place.brackets.back();
  const bool operator_place = here.segment() >= tokens.tokens.size() && !here.is_transparent();
  if (!operator_place) tokens = std::move(shorter);
}

}  // namespace

std::string_view candidate_kind_name(CandidateKind kind) {
  switch (kind) {
    case CandidateKind::column: return "column";
    case CandidateKind::variable: return "variable";
    case CandidateKind::table: return "table";
    case CandidateKind::function: return "function";
    case CandidateKind::aggregate: return "aggregate";
    case CandidateKind::plugin: return "plugin";
    case CandidateKind::tabular_operator: return "operator";
    case CandidateKind::scalar_operator: return "scalar operator";
    case CandidateKind::statement: return "statement";
    case CandidateKind::keyword: return "keyword";
    case CandidateKind::parameter: return "parameter";
    case CandidateKind::value: return "value";
    case CandidateKind::type: return "type";
  }
  return "";
}

Completion complete(std::string_view text, std::size_t cursor, const BindContext& context) {
  constexpr std::size_t kTextBytesMax = std::size_t{4} << 20;
  constexpr std::size_t kDepthMax = 200;
  Completion made;
  TokensBefore tokens = tokens_before(text.substr(0, std::min(text.size(), kTextBytesMax)), cursor);
  take_dashed_word(tokens);
  made.replaced = {static_cast<std::uint32_t>(tokens.word_begin), static_cast<std::uint32_t>(tokens.cursor)};
  if (tokens.in_text || cursor > kTextBytesMax || find_place(tokens).brackets.size() > kDepthMax) return made;
  const std::string letters(tokens.word());
  made.candidates = candidates_at(std::move(tokens), context);
  rank(made.candidates, letters);
  return made;
}

}  // namespace wardian::kql

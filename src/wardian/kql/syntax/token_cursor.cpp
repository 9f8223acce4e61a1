#include "wardian/kql/syntax/token_cursor.h"

namespace wardian::kql::syntax {

Status TokenCursor::expect(TokenKind wanted) {
  if (take(wanted)) return {};
  return expected(token_kind_text(wanted));
}

Status TokenCursor::expect_word(std::string_view wanted) {
  if (take_word(wanted)) return {};
  return expected(wanted);
}

SourceSpan TokenCursor::gap() const {
  const Token& token = peek();
  const std::uint32_t before = end_of_last();
  if (at_ == 0) return token.span;
  const std::string_view between = text_.substr(before, token.span.begin - before);
  if (token.kind == TokenKind::end || between.find('\n') != std::string_view::npos) return {before, before};
  return token.span;
}

Error TokenCursor::lexical_or(Error error) const {
  if (!at(TokenKind::wrong)) return error;
  std::size_t before = 0;
  for (std::size_t at = 0; at < at_; ++at) before += list_.tokens[at].kind == TokenKind::wrong ? 1 : 0;
  return list_.errors[before];
}

Error TokenCursor::expected(std::string_view what, std::string hint) const {
  return lexical_or({ErrorCode::syntax, "Expected: " + std::string(what), gap(), std::move(hint)});
}

Error TokenCursor::missing(std::string_view what, std::string hint) const {
  return lexical_or({ErrorCode::syntax, "Missing " + std::string(what), gap(), std::move(hint)});
}

Error TokenCursor::wrong_here(std::string message, std::string hint) const {
  return lexical_or({ErrorCode::syntax, std::move(message), peek().span, std::move(hint)});
}

Error TokenCursor::wrong_at(SourceSpan span, std::string message, std::string hint) const {
  return {ErrorCode::syntax, std::move(message), span, std::move(hint)};
}

}  // namespace wardian::kql::syntax

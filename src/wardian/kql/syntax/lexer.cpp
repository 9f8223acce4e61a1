#include "wardian/kql/syntax/lexer.h"

#include <algorithm>
#include <string>

#include "wardian/base/error_list.h"
#include "wardian/kernels/timespan.h"
#include "wardian/kernels/utf8.h"

namespace wardian::kql::syntax {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_word(char c) { return is_letter(c) || is_digit(c); }
constexpr bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
constexpr bool is_line_end(char c) { return c == '\n' || c == '\r'; }

class Lexer {
 public:
  Lexer(std::string_view text, std::size_t begin) : text_(text), at_(begin) {
    list_.tokens.reserve((text.size() - begin) / 5 + 2);
  }

  TokenList run() {
    while (!failed_) {
      skip_trivia();
      begin_ = at_;
      if (at_ >= text_.size()) break;
      one_token();
    }
    begin_ = at_ = failed_ ? list_.tokens.back().span.end : text_.size();
    add(TokenKind::end);
    return std::move(list_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void add(TokenKind kind) {
    list_.tokens.push_back({kind, {static_cast<std::uint32_t>(begin_), static_cast<std::uint32_t>(at_)}});
  }
  void add(TokenKind kind, std::size_t size) {
    at_ += size;
    add(kind);
  }
  void fail(ErrorCode code, std::string message, std::size_t from, std::size_t to, std::string hint = {}) {
    const SourceSpan span{static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(std::min(to, text_.size()))};
    list_.errors.push_back({code, std::move(message), span, std::move(hint)});
    list_.tokens.push_back({TokenKind::wrong, span});
    at_ = std::max<std::size_t>(at_, span.end);
    failed_ = list_.errors.size() == ErrorList::kMost;
  }

  void skip_line() {
    while (at_ < text_.size() && !is_line_end(text_[at_])) ++at_;
  }

  void skip_trivia() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        ++at_;
      } else if (c == '/' && peek(1) == '/') {
        skip_line();
      } else if (c == '#' && (at_ == 0 || is_line_end(text_[at_ - 1]))) {
        skip_line();  // a directive to the client
      } else if (text_.substr(at_).starts_with("\xC2\xA0")) {
        at_ += 2;  // no-break space, as pages give it when copied from
      } else if (text_.substr(at_).starts_with("\xEF\xBB\xBF")) {
        at_ += 3;  // byte order mark
      } else {
        return;
      }
    }
  }

  void one_token() {
    const char c = peek(), next = peek(1);
    if (is_letter(c)) return word();
    if (is_digit(c)) return number();
    switch (c) {
      case '"':
      case '\'': return quoted(0, false);
      case '`':
      case '~':
        if (is_fence(0)) return fenced(0);
        break;
      case '@':
        if (next == '"' || next == '\'') return quoted(1, true);
        break;
      case '$':
        if (is_letter(next)) {
          ++at_;
          while (is_word(peek())) ++at_;
          return add(TokenKind::identifier);
        }
        break;
      case '(': return add(TokenKind::open_round, 1);
      case ')': return add(TokenKind::close_round, 1);
      case '[': return add(TokenKind::open_square, 1);
      case ']': return add(TokenKind::close_square, 1);
      case '{': return add(TokenKind::open_curly, 1);
      case '}': return add(TokenKind::close_curly, 1);
      case ',': return add(TokenKind::comma, 1);
      case ';': return add(TokenKind::semicolon, 1);
      case ':': return add(TokenKind::colon, 1);
      case '|': return add(TokenKind::pipe, 1);
      case '+': return add(TokenKind::plus, 1);
      case '-': return add(TokenKind::minus, 1);
      case '*': return add(TokenKind::star, 1);
      case '/':
        if (next == '*') return bracketed_comment();
        return add(TokenKind::slash, 1);
      case '%': return add(TokenKind::percent, 1);
      case '.': return next == '.' ? add(TokenKind::dot_dot, 2) : add(TokenKind::dot, 1);
      case '=':
        if (next == '=') return add(TokenKind::equal, 2);
        if (next == '~') return add(TokenKind::equal_ignoring_case, 2);
        if (next == '>') return add(TokenKind::arrow, 2);
        return add(TokenKind::assign, 1);
      case '<':
        if (next == '=') return add(TokenKind::less_or_equal, 2);
        if (next == '>') return add(TokenKind::not_equal, 2);
        if (next == '|') return add(TokenKind::query_follows, 2);
        return add(TokenKind::less, 1);
      case '>': return next == '=' ? add(TokenKind::greater_or_equal, 2) : add(TokenKind::greater, 1);
      case '!':
        if (next == '=') return add(TokenKind::not_equal, 2);
        if (next == '~') return add(TokenKind::not_equal_ignoring_case, 2);
        if (is_letter(next)) return bang_word();
        break;
      default: break;
    }
    unexpected_character();
  }

  void bracketed_comment() {
    const std::size_t close = text_.find("*/", at_ + 2);
    fail(ErrorCode::syntax, "Unexpected: /*", at_, at_ + 2, "A comment begins with // and ends with its line");
    if (close != std::string_view::npos) at_ = close + 2;
  }

  void unexpected_character() {
    const std::string character(text_.substr(at_, kernels::character_size(text_[at_])));
    std::string hint;
    if (character == "!")
      hint = "Use not(…) to negate a condition";
    else if (character == "&")
      hint = "Use the word and";
    else if (character == "?")
      hint = "Use iff(condition, a, b)";
    else if (character == "^")
      hint = "Use pow(x, y), or binary_xor(x, y)";
    else if (character == "`")
      hint = "Text stands in quotes, \" or ', a name of unusual characters in [\"…\"]";
    else if (character == "#")
      hint = "A comment begins with //";
    else if (character == "\u201C" || character == "\u201D" || character == "\u2018" || character == "\u2019") {
      hint = "Use straight quotes: \" or '";
    } else if (static_cast<unsigned char>(character[0]) >= 0x80) {
      hint = "A name with such characters is written [\"…\"]";
    }
    fail(ErrorCode::syntax, "Unexpected character: " + character, at_, at_ + character.size(), std::move(hint));
  }

  void word() {
    const char c = peek();
    if (c == 'h' || c == 'H') {
      const char next = peek(1);
      if (next == '"' || next == '\'') return quoted(1, false);
      if (next == '@' && (peek(2) == '"' || peek(2) == '\'')) return quoted(2, true);
      if (is_fence(1)) return fenced(1);
    }
    while (is_word(peek())) ++at_;
    if (at_ - begin_ == 2 && text_.substr(begin_, 2) == "in" && peek() == '~') ++at_;
    add(TokenKind::identifier);
  }

  void bang_word() {
    ++at_;
    while (is_word(peek())) ++at_;
    if (text_.substr(begin_, at_ - begin_) == "!in" && peek() == '~') ++at_;
    add(TokenKind::bang_identifier);
  }

  void digits() {
    while (is_digit(peek())) ++at_;
  }
  /// e5, E-3; only when digits follow.
  bool exponent() {
    if (peek() != 'e' && peek() != 'E') return false;
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 2 : 1;
    if (!is_digit(peek(sign))) return false;
    at_ += sign;
    digits();
    return true;
  }
  /// ms, days, … when that is the whole word that follows.
  bool unit() {
    std::size_t size = 0;
    while (is_word(peek(size))) ++size;
    if (size == 0 || kernels::timespan_unit_ticks(text_.substr(at_, size)) == 0) return false;
    at_ += size;
    return true;
  }

  void number() {
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && is_hex(peek(2))) {
      at_ += 2;
      while (is_hex(peek())) ++at_;
      return is_word(peek()) ? rest_of_word() : add(TokenKind::whole_number);
    }
    digits();
    TokenKind kind = TokenKind::whole_number;
    if (peek() == '.' && peek(1) != '.' && !is_member(1)) {
      kind = TokenKind::real_number;
      ++at_;
      digits();
    }
    if (unit()) return add(TokenKind::timespan_number);
    if (exponent()) kind = TokenKind::real_number;
    // A name may begin with digits (3Dim); after a point there is no such way out.
    if (is_letter(peek()) && kind == TokenKind::whole_number) return rest_of_word();
    add(kind);
  }
  /// `1.x` is a member, `1.e5` a number.
  bool is_member(std::size_t ahead) const {
    if (!is_letter(peek(ahead))) return false;
    return !((peek(ahead) == 'e' || peek(ahead) == 'E') && is_digit(peek(ahead + 1)));
  }
  void rest_of_word() {
    while (is_word(peek())) ++at_;
    add(TokenKind::identifier);
  }

  void quoted(std::size_t prefix, bool verbatim) {
    at_ += prefix;
    const char quote = peek();
    ++at_;
    while (at_ < text_.size() && !is_line_end(text_[at_])) {
      const char c = text_[at_];
      if (c == quote) {
        ++at_;
        if (verbatim && peek() == quote) {
          ++at_;
          continue;
        }
        return add(TokenKind::string);
      }
      if (c == '\\' && !verbatim && at_ + 1 < text_.size() && !is_line_end(text_[at_ + 1])) {
        const char escaped = text_[at_ + 1];
        if (std::string_view("'\"\\/abfnrtvxuU01234567").find(escaped) == std::string_view::npos) {
          const std::size_t size = kernels::character_size(escaped);
          fail(ErrorCode::bad_literal, "Unknown escape in a string: \\" + std::string(text_.substr(at_ + 1, size)), at_,
               at_ + 1 + size, "Write \\\\ for a backslash, or @\"…\" for text taken as it is");
          return rest_of_string(quote);
        }
        ++at_;
      }
      ++at_;
    }
    fail(ErrorCode::unclosed, std::string("Missing ") + quote + ": the string does not end on its line", at_, at_,
         "A string over several lines is written between ``` and ```");
  }

  /// After a wrong escape, so that what follows the string is read as what it is.
  void rest_of_string(char quote) {
    while (at_ < text_.size() && !is_line_end(text_[at_])) {
      if (text_[at_] == quote) {
        ++at_;
        return;
      }
      at_ += text_[at_] == '\\' && at_ + 1 < text_.size() && !is_line_end(text_[at_ + 1]) ? 2 : 1;
    }
  }

  bool is_fence(std::size_t ahead) const {
    const std::string_view fence = text_.substr(std::min(at_ + ahead, text_.size()), 3);
    return fence == "```" || fence == "~~~";
  }
  void fenced(std::size_t prefix) {
    at_ += prefix;
    const std::string_view fence = text_.substr(at_, 3);
    const std::size_t close = text_.find(fence, at_ + 3);
    if (close == std::string_view::npos) {
      const std::uint32_t line = line_column(text_, static_cast<std::uint32_t>(begin_)).line;
      return fail(ErrorCode::unclosed,
                  "Missing " + std::string(fence) + ": the string that begins on line " + std::to_string(line) + " never ends",
                  text_.size(), text_.size());
    }
    at_ = close + 3;
    add(TokenKind::string);
  }

  std::string_view text_;
  std::size_t at_ = 0, begin_ = 0;
  bool failed_ = false;
  TokenList list_;
};

}  // namespace

TokenList lex(std::string_view text, std::size_t begin) { return Lexer(text, begin).run(); }

}  // namespace wardian::kql::syntax

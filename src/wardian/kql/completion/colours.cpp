#include "wardian/kql/completion/colours.h"

#include <algorithm>
#include <set>

#include "wardian/base/error_list.h"
#include "wardian/kql/completion/operator_words.h"
#include "wardian/kql/operators/operator_rows.h"
#include "wardian/kql/syntax/lexer.h"
#include "wardian/kql/syntax/parser.h"

namespace wardian::kql {
namespace {

using syntax::Token;
using syntax::TokenKind;

/// Words with a meaning of their own: operators between values, statements, and what the syntax of operators spells.
const std::set<std::string_view>& words() {
  static const std::set<std::string_view> kWords = [] {
    std::set<std::string_view> made = {"matches", "regex", "true", "false", "null", "view", "typeof", "dynamic"};
    for (const OperatorRow& row : scalar_operators()) made.insert(row.name);
    for (const OperatorRow& row : statements()) {
      for (std::string_view rest = row.name; !rest.empty();) {
        const std::string_view one = rest.substr(0, rest.find(' '));
        made.insert(one);
        rest.remove_prefix(std::min(one.size() + 1, rest.size()));
      }
    }
    for (const OperatorRow& row : tabular_operators()) {
      for (const OperatorItem& item : operator_items(row.name))
        if (item.kind == OperatorItem::Kind::word) made.insert(item.text);
    }
    return made;
  }();
  return kWords;
}

class Painter {
 public:
  explicit Painter(std::string_view text) : text_(text) {}

  std::vector<ColouredSpan> run() {
    const syntax::TokenList list = syntax::lex(text_);
    std::size_t wrong = 0;
    for (std::size_t at = 0; at < list.tokens.size(); ++at) {
      const Token& one = list.tokens[at];
      if (one.kind == TokenKind::end) {
        gap(wrong < ErrorList::kMost ? text_.size() : done_);
      } else if (one.kind != TokenKind::wrong) {
        gap(one.span.begin);
        at += token(list.tokens, at);
      } else if (list.errors[wrong++].code == ErrorCode::unclosed) {
        // An open quote is a text to the end of its line, an open fence to the end of all.
        const std::size_t quote = std::min(text_.find_first_of("\"'`~", done_), text_.size());
        const bool fence = quote < text_.size() && (text_[quote] == '`' || text_[quote] == '~');
        const std::size_t end = fence ? text_.size() : std::min(text_.find('\n', quote), text_.size());
        add(quote, end, TextClass::string);
        done_ = end;
      } else {
        gap(one.span.begin);
        add(std::max<std::size_t>(one.span.begin, done_), one.span.end, TextClass::wrong);
        done_ = std::max<std::size_t>(done_, one.span.end);
      }
    }
    return std::move(made_);
  }

 private:
  void add(std::size_t begin, std::size_t end, TextClass what) {
    if (begin < end) made_.push_back({{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}, what});
  }

  /// What no token holds: blanks and comments.
  void gap(std::size_t end) {
    const std::size_t from = done_;
    while (done_ < end) {
      const std::size_t line = std::min(text_.find('\n', done_), end);
      const std::string_view part = text_.substr(done_, line - done_);
      const std::size_t comment = part.starts_with('#') ? 0 : part.find("//");
      if (comment != std::string_view::npos) add(done_ + comment, line, TextClass::comment);
      done_ = line + 1;
    }
    done_ = std::max(from, end);
  }

  /// How many further tokens it has taken.
  std::size_t token(const std::vector<Token>& tokens, std::size_t at) {
    const Token& one = tokens[at];
    done_ = one.span.end;
    switch (one.kind) {
      case TokenKind::string: add(one.span.begin, one.span.end, TextClass::string); return 0;
      case TokenKind::whole_number:
      case TokenKind::real_number:
      case TokenKind::timespan_number: add(one.span.begin, one.span.end, TextClass::number); return 0;
      case TokenKind::bang_identifier: add(one.span.begin, one.span.end, TextClass::word); return 0;
      case TokenKind::identifier: break;
      default: return 0;
    }
    std::size_t size = 1;
    const bool start = at == 0 || tokens[at - 1].kind == TokenKind::pipe || tokens[at - 1].kind == TokenKind::open_round ||
                       tokens[at - 1].kind == TokenKind::semicolon || tokens[at - 1].kind == TokenKind::assign ||
                       tokens[at - 1].kind == TokenKind::open_curly;
    while (start && at + size + 1 < tokens.size() && tokens[at + size].kind == TokenKind::minus &&
           tokens[at + size + 1].kind == TokenKind::identifier &&
           tokens[at + size].span.begin == tokens[at + size - 1].span.end &&
           tokens[at + size + 1].span.begin == tokens[at + size].span.end)
      size += 2;
    const std::size_t end = tokens[at + size - 1].span.end;
    const std::string_view text = text_.substr(one.span.begin, end - one.span.begin);
    const auto named = [&](const OperatorRow& row) { return row.name == text; };
    const bool call = at + size < tokens.size() && tokens[at + size].kind == TokenKind::open_round;
    if (start && (std::ranges::any_of(tabular_operators(), named) || text == "order" || text == "limit" || text == "filter") &&
        !(at > 0 && tokens[at - 1].kind == TokenKind::open_round && call)) {
      add(one.span.begin, end, TextClass::tabular_operator);
      done_ = end;
      return size - 1;
    }
    const std::string_view word = text_.substr(one.span.begin, one.span.end - one.span.begin);
    const bool next_is_call = at + 1 < tokens.size() && tokens[at + 1].kind == TokenKind::open_round;
    if (words().contains(word)) {
      add(one.span.begin, one.span.end, TextClass::word);
    } else if (next_is_call) {
      add(one.span.begin, one.span.end, TextClass::function);
    }
    return 0;
  }

  std::string_view text_;
  std::size_t done_ = 0;
  std::vector<ColouredSpan> made_;
};

}  // namespace

std::string_view text_class_name(TextClass what) {
  switch (what) {
    case TextClass::tabular_operator: return "operator";
    case TextClass::word: return "word";
    case TextClass::function: return "function";
    case TextClass::string: return "text";
    case TextClass::number: return "number";
    case TextClass::comment: return "comment";
    case TextClass::wrong: return "wrong";
  }
  return "";
}

std::vector<ColouredSpan> coloured_spans(std::string_view text) {
  constexpr std::size_t kBytesMax = std::size_t{256} << 10;
  return text.size() > kBytesMax ? std::vector<ColouredSpan>() : Painter(text).run();
}

}  // namespace wardian::kql

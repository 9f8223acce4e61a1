#include <algorithm>

#include "wardian/kql/syntax/query_parser.h"

// A mistake ends the reading of what it stands in: an argument, an operator, a statement. That is Unreadable in the tree, and
// reading begins again behind it. The mistakes told are to be those that somebody made: where it is not sure that reading
// stands behind the mistake, more is skipped rather than less.

namespace wardian::kql::syntax {
namespace {

bool opens(TokenKind kind) {
  return kind == TokenKind::open_round || kind == TokenKind::open_square || kind == TokenKind::open_curly;
}
bool closes(TokenKind kind) {
  return kind == TokenKind::close_round || kind == TokenKind::close_square || kind == TokenKind::close_curly;
}
TokenKind closing(TokenKind open) {
  return open == TokenKind::open_round    ? TokenKind::close_round
         : open == TokenKind::open_square ? TokenKind::close_square
                                          : TokenKind::close_curly;
}

}  // namespace

Result<QueryTree> QueryParser::whole_query(ErrorList& mistakes) {
  mistakes_ = &mistakes;
  return query();
}

Status QueryParser::note(Error mistake) {
  if (mistakes_ == nullptr || mistake.code == ErrorCode::too_deep) return mistake;
  // Right where reading began again, it is the same mistake once more.
  if (place() != resumed_ || mistakes_->empty()) mistakes_->add(std::move(mistake));
  if (mistakes_->full()) return wrong_here("Too many mistakes");
  return {};
}

void QueryParser::skip(std::size_t begin, Stops stops) {
  const std::size_t reached = place();
  std::vector<TokenKind> open;
  const auto inside = [&](TokenKind bracket) { return std::ranges::find(open, bracket) != open.end(); };
  back_to(begin);
  for (; !at(TokenKind::end); advance()) {
    const bool may_stop = place() >= reached;
    if (opens(kind())) {
      open.push_back(kind());
    } else if (closes(kind())) {
      // With it close the brackets within that were left open.
      const auto opened = std::find_if(open.rbegin(), open.rend(), [&](TokenKind each) { return closing(each) == kind(); });
      if (opened != open.rend())
        open.erase(std::prev(opened.base()), open.end());
      else if (may_stop && depth_ > 0)
        break;
    } else if (may_stop && at(TokenKind::semicolon) && !inside(TokenKind::open_curly)) {
      break;
    } else if (may_stop && open.empty() && stops != Stops::semicolon) {
      if (at(TokenKind::pipe) && stops == Stops::pipe) break;
      if (at(TokenKind::comma) && stops == Stops::comma) break;
    }
  }
  resumed_ = place();
}

Result<Expr> QueryParser::unreadable(std::uint32_t begin) { return make(Unreadable{}, span_from(begin)); }

Status QueryParser::next_operator(std::vector<Operator>& list) {
  const std::size_t begin = place();
  const SourceSpan first = peek().span;
  const bool keeps_columns =
      at_word("where") || at_word("filter") || at_word("sort") || at_word("order") || at_word("take") || at_word("limit");
  Result<Operator> read = query_operator();
  if (read.ok()) {
    list.push_back(std::move(*read));
    return {};
  }
  WARDIAN_TRY(note(std::move(read).error()));
  if (at(TokenKind::pipe) && place() == begin) {  // one too many
    while (take(TokenKind::pipe)) resumed_ = place();
    return next_operator(list);
  }
  skip(begin, Stops::pipe);
  Operator made{Unreadable{}, span_from(first.begin), first};
  // Where nothing but this operator was skipped, what follows sees the columns that were there before.
  bool alone = keeps_columns;
  for (std::size_t at = begin; at < place(); ++at) {
    alone = alone && token_at(at).kind != TokenKind::pipe && token_at(at).kind != TokenKind::wrong;
  }
  if (alone) {
    WARDIAN_ASSIGN(Expr predicate, unreadable(first.begin));
    made.node = WhereOperator{{}, pointer(std::move(predicate))};
  }
  list.push_back(std::move(made));
  return {};
}

Result<Expr> QueryParser::statement_pipe(bool of_let) {
  const std::size_t begin = place();
  const std::uint32_t begin_byte = peek().span.begin;
  Result<Expr> read = pipe_expression();
  if (mistakes_ == nullptr) {
    if (read.ok() && !at(TokenKind::semicolon) && !at(closed_by_)) return after_statement(begin, of_let);
    return read;
  }
  while (!read.ok() || (!at(TokenKind::semicolon) && !at(closed_by_))) {
    const std::size_t named = 1 + name_size(1);
    const bool names_table =
        named > 1 && (at(TokenKind::pipe, named) || at(TokenKind::semicolon, named) || at(closed_by_, named));
    const bool pipe_missing = read.ok() && at_operator_keyword() && !begins_statement() &&
                              (connective_hint().empty() || (at_word("as") && names_table));
    const bool ended = read.ok() && (begins_statement() || (of_let && at_expression() && begins_line()));
    // A bracket that closes nothing, behind a mistake: what it closes is gone with that.
    const bool follows = read.ok() && closes(kind()) && resumed_ != SIZE_MAX && resumed_ > begin;
    if (!follows) WARDIAN_TRY(note(read.ok() ? after_statement(begin, of_let) : std::move(read).error()));
    if (ended) return read;
    ExprPtr source;
    std::vector<Operator> operators;
    if (auto* pipe = pipe_missing ? std::get_if<Pipe>(&read->node) : nullptr; pipe != nullptr && !read->parenthesised) {
      source = std::move(pipe->source);
      operators = std::move(pipe->operators);
      // project project x: that the first names no column follows from the mistake.
      const auto* project = operators.empty() ? nullptr : std::get_if<ProjectOperator>(&operators.back().node);
      if (project != nullptr && project->columns.empty()) operators.back().node = Unreadable{};
    } else if (pipe_missing) {
      source = pointer(std::move(*read));
    } else {
      skip(read.ok() ? place() : begin, Stops::pipe);
      WARDIAN_ASSIGN(Expr skipped, unreadable(begin_byte));
      if (!at(TokenKind::pipe)) return skipped;
      source = pointer(std::move(skipped));
    }
    if (pipe_missing) WARDIAN_TRY(next_operator(operators));
    read = operators_after(std::move(source), begin_byte, std::move(operators));
  }
  return read;
}

}  // namespace wardian::kql::syntax

#include "wardian/kql/completion/candidates_at.h"

#include <algorithm>
#include <array>
#include <set>

#include "wardian/kql/completion/columns_at.h"
#include "wardian/kql/completion/operator_words.h"
#include "wardian/kql/completion/place.h"
#include "wardian/kql/operators/operator_rows.h"

namespace wardian::kql {
namespace {

using syntax::TokenKind;

/// Words between values: an operand is to follow them.
bool is_operator_word(std::string_view word) {
  if (word == "matches" || word == "regex") return true;
  return std::ranges::binary_search(scalar_operators(), word, {}, &OperatorRow::name);
}

/// What kinds of operands take expressions of any form.
bool takes_expression(std::string_view operand) {
  constexpr auto kExpressions =
      std::to_array<std::string_view>({"AGGREGATE", "ARGUMENT", "ARRAY", "AXIS", "CONDITION", "END", "EXPRESSION", "NAMES",
                                       "START", "STEP", "T", "TEXT", "VALUE", "WEIGHT"});
  return std::ranges::find(kExpressions, operand) != kExpressions.end();
}

class Completer {
 public:
  Completer(TokensBefore tokens, const BindContext& context)
      : tokens_(std::move(tokens)), place_(find_place(tokens_)), context_(context), sight_(tokens_, place_, context) {}

  Candidates run() {
    const Bracket& here = place_.brackets.back();
    const std::size_t count = tokens_.tokens.size();
    if (follows_colon_of_type()) {
      add_types(made_);
    } else if (here.kind == BracketKind::call && here.name == "typeof") {
      if (!after_operand(count)) add_types(made_);
    } else if (tokens_.is(count - 1, TokenKind::dot)) {
      member();
    } else if (here.segment() >= count) {
      segment_start(here);
    } else if (!statement_words(here)) {
      within_segment();
    }
    return std::move(made_);
  }

 private:
  bool last_is(TokenKind kind) const { return !tokens_.tokens.empty() && tokens_.tokens.back().kind == kind; }

  /// name: of a column or a parameter, not within JSON.
  bool follows_colon_of_type() const {
    const std::size_t count = tokens_.tokens.size();
    if (count < 2 || !last_is(TokenKind::colon) || place_.brackets.back().kind == BracketKind::body) return false;
    return tokens_.is(count - 2, TokenKind::identifier) || tokens_.is(count - 2, TokenKind::close_square);
  }

  /// Whether what stands before token `end` is a whole operand, so that an operator or a word comes next.
  bool after_operand(std::size_t end) const {
    if (end == 0) return false;
    switch (tokens_.tokens[end - 1].kind) {
      case TokenKind::identifier: {
        const std::string_view word = tokens_.of(end - 1);
        return !is_operator_word(word);
      }
      case TokenKind::string:
      case TokenKind::whole_number:
      case TokenKind::real_number:
      case TokenKind::timespan_number:
      case TokenKind::close_round:
      case TokenKind::close_square:
      case TokenKind::close_curly: return true;
      default: return false;
    }
  }

  /// $left. and $right. of a join; of a dynamic value nobody knows the members.
  void member() {
    const std::size_t count = tokens_.tokens.size();
    const std::size_t pipeline = place_.pipeline();
    if (count < 2) return;
    if (tokens_.is_word(count - 2, "$left")) add_columns(made_, sight_.columns(pipeline));
    if (tokens_.is_word(count - 2, "$right")) add_columns(made_, sight_.right_columns(pipeline));
    // database("x").
    if (tokens_.is(count - 2, TokenKind::close_round)) {
      for (std::size_t at = count - 2; at > 0; --at) {
        if (tokens_.is_word(at, "database")) return add_tables(made_, context_);
        if (tokens_.is(at, TokenKind::pipe)) return;
      }
    }
  }

  void tables_and_sources() {
    add_names(made_, sight_.names());
    add_tables(made_, context_);
    add_tabular_operators(made_, false);
  }

  /// Nothing of the operator, or of what begins a pipeline, is there yet.
  void segment_start(const Bracket& here) {
    if (!here.pipes.empty() || here.kind == BracketKind::piped) return add_tabular_operators(made_, true);
    switch (here.kind) {
      case BracketKind::whole:
      case BracketKind::body:
        tables_and_sources();
        if (here.source == here.statement()) {
          add_statements(made_);
        }
        add_functions(made_);
        break;
      case BracketKind::source: {
        tables_and_sources();
        // in ( … ) takes values as well.
        const std::size_t outer = outer_pipeline();
        if (tokens_.is(here.opened - 1, TokenKind::identifier) || tokens_.is(here.opened - 1, TokenKind::bang_identifier)) {
          if (const std::string_view name = tokens_.of(here.opened - 1); name != "join" && name != "union" && name != "lookup") {
            add_columns(made_, sight_.columns(outer));
            add_functions(made_);
          }
        }
        break;
      }
      default: within_segment();
    }
  }

  std::size_t outer_pipeline() const {
    std::size_t at = place_.brackets.size() - 1;
    if (at > 0) --at;
    while (at > 0 && place_.brackets[at].is_transparent()) --at;
    return at;
  }

  void word(std::string_view text, std::string_view detail = {}) {
    made_.push_back({CandidateKind::keyword, std::string(text), std::string(text) + " ", std::string(detail)});
  }

  /// let, set, declare, …: true where one of them is being written.
  bool statement_words(const Bracket& here) {
    if (here.kind != BracketKind::whole && here.kind != BracketKind::body) return false;
    const std::size_t begin = here.statement(), count = tokens_.tokens.size();
    const std::string_view first = tokens_.of(begin);
    if (here.source > begin || !here.pipes.empty()) return false;
    if (first == "let") return true;  // a new name
    if (first == "set") {
      if (count == begin + 1) add_request_properties(made_);
      return true;
    }
    if (first != "declare" && first != "alias" && first != "restrict") return false;
    // The words of the statement's row, one by one.
    const std::string_view typed = tokens_.slice(tokens_.tokens[begin].span.begin, tokens_.tokens[count - 1].span.end);
    for (const OperatorRow& row : statements()) {
      if (row.name.starts_with(typed) && row.name.size() > typed.size() && row.name[typed.size()] == ' ')
        word(row.name.substr(typed.size() + 1), row.summary);
    }
    return true;
  }

  void within_segment() {
    const std::size_t count = tokens_.tokens.size();
    const std::size_t pipeline = place_.pipeline();
    const Bracket& rows = place_.brackets[pipeline];
    const std::size_t segment = rows.segment();
    // The part of the segment outside of further brackets.
    const std::size_t end = pipeline + 1 < place_.brackets.size() ? place_.brackets[pipeline + 1].opened : count;
    std::size_t size = 0;
    const std::string_view name = operator_at(tokens_, segment, count, size);
    if (name.empty()) return without_operator(rows, pipeline, count);
    const auto& items = operator_items(name);
    const std::size_t behind = last_item(items, segment + size, end);
    const Following next = following(items, behind);
    if (tokens_.is(count - 1, TokenKind::assign) && parameter_value(name, segment + size, count)) return;
    const bool nested = pipeline + 1 < place_.brackets.size();
    if (!nested && count == segment + size) return operands(name, next, pipeline, true);
    if (nested && name == "render") return add_chart_properties(made_);
    if (nested && tokens_.is_word(end - 1, "with") && tokens_.is(count - 1, TokenKind::open_round)) return;
    if (!nested && is_parameter(segment + size, count)) return operands(name, next, pipeline, true);
    if (after_operand(count) && !is_item_word(items, count - 1, behind)) return after(next, pipeline, nested);
    operands(name, next, pipeline, !nested);
  }

  /// A pipeline that begins with a table or an expression.
  void without_operator(const Bracket& rows, std::size_t pipeline, std::size_t count) {
    if (after_operand(count)) {
      if (place_.brackets.size() - 1 == pipeline && rows.pipes.empty()) word("|", "Hands the rows on to an operator.");
      add_scalar_operators(made_, type_of_last(pipeline));
      return;
    }
    add_names(made_, sight_.names());
    add_tables(made_, context_);
    add_functions(made_);
  }

  /// The last word of the operator's syntax that stands between; items.size() for none.
  std::size_t last_item(const std::vector<OperatorItem>& items, std::size_t begin, std::size_t end) const {
    std::size_t found = items.size(), head = items.size();
    int depth = 0;
    for (std::size_t at = begin; at < end; ++at) {
      const TokenKind kind = tokens_.tokens[at].kind;
      if (kind == TokenKind::open_round || kind == TokenKind::open_square) ++depth;
      if (kind == TokenKind::close_round || kind == TokenKind::close_square) --depth;
      if (depth != 0) continue;
      if (kind == TokenKind::comma) found = head;
      if (kind != TokenKind::identifier) continue;
      const std::string_view text =
          tokens_.slice(tokens_.tokens[at].span.begin, tokens_.tokens[at + tokens_.dashed(at, end) - 1].span.end);
      const auto is = [&](const OperatorItem& item) { return item.kind == OperatorItem::Kind::word && item.text == text; };
      const auto from = items.begin() + static_cast<std::ptrdiff_t>(found == items.size() ? 0 : found + 1);
      auto place = std::find_if(from, items.end(), is);
      if (place == items.end()) {
        place = std::find_if(items.begin(), from, is);
        if (place == from) continue;
      }
      found = static_cast<std::size_t>(place - items.begin());
      const std::size_t behind = found + 1;
      if (behind < items.size() && items[behind].kind == OperatorItem::Kind::operand) head = found;
    }
    return found;
  }

  /// Whether the token is the word at which `last_item` stopped, and operands come behind it.
  bool is_item_word(const std::vector<OperatorItem>& items, std::size_t at, std::size_t item) const {
    return item < items.size() && tokens_.is_word(at, items[item].text) && item + 1 < items.size() &&
           items[item + 1].kind == OperatorItem::Kind::operand;
  }

  /// Whether the last token is the value of a parameter: kind=inner, hint.strategy=shuffle.
  bool is_parameter(std::size_t begin, std::size_t count) const {
    if (count < begin + 3 || !tokens_.is(count - 2, TokenKind::assign) || !after_operand(count)) return false;
    std::size_t at = count - 3;
    while (at >= begin + 2 && tokens_.is(at - 1, TokenKind::dot) && tokens_.is(at - 2, TokenKind::identifier)) at -= 2;
    return at == begin || tokens_.is(at - 1, TokenKind::identifier) ? is_parameter_name(at, count - 2, begin) : false;
  }
  bool is_parameter_name(std::size_t at, std::size_t end, std::size_t begin) const {
    const std::string_view name = tokens_.slice(tokens_.tokens[at].span.begin, tokens_.tokens[end - 1].span.end);
    std::size_t size = 0;
    const std::size_t segment = place_.brackets[place_.pipeline()].segment();
    const auto& items = operator_items(operator_at(tokens_, segment, begin, size));
    return name.starts_with("hint.") || std::ranges::any_of(items, [&](const OperatorItem& item) {
             return item.kind == OperatorItem::Kind::parameter && item.text == name;
           });
  }

  /// kind=|: true where that is a parameter of the operator.
  bool parameter_value(std::string_view name, std::size_t begin, std::size_t count) {
    std::size_t at = count - 2;
    while (at >= begin + 2 && tokens_.is(at - 1, TokenKind::dot) && tokens_.is(at - 2, TokenKind::identifier)) at -= 2;
    if (at < begin || !tokens_.is(at, TokenKind::identifier)) return false;
    const std::string_view parameter = tokens_.slice(tokens_.tokens[at].span.begin, tokens_.tokens[count - 2].span.end);
    const std::size_t before = made_.size();
    add_parameter_values(made_, name, parameter);
    if (made_.size() > before) return true;
    const auto& items = operator_items(name);
    const bool known = std::ranges::any_of(
        items, [&](const OperatorItem& item) { return item.kind == OperatorItem::Kind::parameter && item.text == parameter; });
    if (name == "render" && (parameter == "xcolumn" || parameter == "ycolumns" || parameter == "series"))
      add_columns(made_, sight_.columns(place_.pipeline()));
    return known || name == "render" || parameter.starts_with("hint.");
  }

  /// Where an operand, or what may go before one, is wanted.
  void operands(std::string_view name, const Following& next, std::size_t pipeline, bool direct) {
    const std::size_t count = tokens_.tokens.size();
    const bool fresh = direct && (after_operand(count) || tokens_.is(count - 1, TokenKind::identifier));
    std::set<std::string_view> wanted(next.operands.begin(), next.operands.end());
    if (wanted.contains("KIND") && name == "render") return add_chart_kinds(made_);
    if (wanted.contains("PLUGIN")) {
      if (const Bracket& inner = place_.brackets.back(); inner.kind == BracketKind::call) return expression(pipeline, true);
      add_plugins(made_);
      return add_hints(made_, name);
    }
    if (std::ranges::any_of(next.operands, &takes_expression)) {
      expression(pipeline, wanted.contains("AGGREGATE") && !in_aggregate());
    } else if (wanted.contains("COLUMN") || wanted.contains("OLD")) {
      if (name == "join" || name == "lookup") {
        on_columns(pipeline);
      } else {
        add_columns(made_, sight_.columns(pipeline));
        if (place_.brackets.size() - 1 > pipeline) add_functions(made_);
      }
    }
    if (wanted.contains("RIGHT") || wanted.contains("TABLE") || wanted.contains("NODES") || wanted.contains("GROUP") ||
        wanted.contains("FUNCTION")) {
      add_names(made_, sight_.names());
      add_tables(made_, context_);
    }
    if (!direct || !fresh) return;
    if (operator_items(name).empty()) word("|", "Hands the rows on to an operator.");
    for (const OperatorItem* parameter : next.parameters) {
      if (!is_used(parameter->text, pipeline)) add_parameter(name, *parameter);
    }
    if (before_arguments(name, pipeline)) add_hints(made_, name);
    for (const OperatorItem* each : next.words) word(each->text);
  }

  void add_parameter(std::string_view name, const OperatorItem& parameter) {
    made_.push_back(
        {CandidateKind::parameter, parameter.text + "=", parameter.text + "=", "a parameter of " + std::string(name)});
  }

  /// Whether the operator has the parameter already.
  bool is_used(std::string_view parameter, std::size_t pipeline) const {
    for (std::size_t at = place_.brackets[pipeline].segment(); at + 1 < tokens_.tokens.size(); ++at)
      if (tokens_.is_word(at, parameter) && tokens_.is(at + 1, TokenKind::assign)) return true;
    return false;
  }

  /// Nothing but the operator's name and parameters is there.
  bool before_arguments(std::string_view name, std::size_t pipeline) const {
    std::size_t size = 0;
    const std::size_t segment = place_.brackets[pipeline].segment(), count = tokens_.tokens.size();
    if (operator_at(tokens_, segment, count, size) != name) return false;
    return segment + size == count || is_parameter(segment + size, count);
  }

  /// Columns of both sides first: they are the keys that need one name only.
  void on_columns(std::size_t pipeline) {
    const columnar::Schema left = sight_.columns(pipeline), right = sight_.right_columns(pipeline);
    columnar::Schema both, others;
    for (const columnar::Column& column : left) (columnar::find_column(right, column.name) ? both : others).push_back(column);
    add_columns(made_, both);
    made_.push_back({CandidateKind::keyword, "$left", "$left.", "a column of the table on the left"});
    made_.push_back({CandidateKind::keyword, "$right", "$right.", "a column of the table on the right"});
    add_columns(made_, others);
  }

  void expression(std::size_t pipeline, bool aggregates) {
    add_columns(made_, sight_.columns(pipeline));
    add_names(made_, sight_.names());
    if (aggregates) add_aggregates(made_);
    add_functions(made_);
    if (context_.tables != nullptr) {
      for (const std::string& name : context_.tables->function_names({}))
        made_.push_back({CandidateKind::function, name, written(name) + "(", "a stored function"});
    }
  }

  bool in_aggregate() const {
    for (std::size_t at = place_.pipeline() + 1; at < place_.brackets.size(); ++at)
      if (place_.brackets[at].kind == BracketKind::call && is_aggregate_name(place_.brackets[at].name)) return true;
    return false;
  }

  /// Behind an operand: operators between values, and the words that the operator goes on with.
  void after(const Following& next, std::size_t pipeline, bool nested) {
    const bool values = nested || std::ranges::any_of(next.operands, &takes_expression);
    if (!nested) {
      for (const OperatorItem* each : next.words) word(each->text);
      for (const OperatorItem* each : next.later) word(each->text);
    }
    if (values) add_scalar_operators(made_, type_of_last(pipeline));
    if (!nested) word("|", "Hands the rows on to an operator.");
  }

  /// The type of the operand before the cursor, where it is a column.
  std::optional<columnar::Type> type_of_last(std::size_t pipeline) const {
    const std::size_t count = tokens_.tokens.size();
    if (!tokens_.is(count - 1, TokenKind::identifier) || tokens_.is(count - 2, TokenKind::dot)) return std::nullopt;
    const columnar::Schema columns = sight_.columns(pipeline);
    const auto found = columnar::find_column(columns, tokens_.of(count - 1));
    return found ? std::optional(columns[*found].type) : std::nullopt;
  }

  TokensBefore tokens_;
  Place place_;
  const BindContext& context_;
  Sight sight_;
  Candidates made_;
};

}  // namespace

Candidates candidates_at(TokensBefore tokens, const BindContext& context) { return Completer(std::move(tokens), context).run(); }

}  // namespace wardian::kql

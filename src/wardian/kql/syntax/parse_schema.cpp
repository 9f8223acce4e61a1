#include <algorithm>
#include <array>

#include "wardian/base/similar_name.h"
#include "wardian/kql/syntax/foreign_words.h"
#include "wardian/kql/syntax/query_parser.h"

namespace wardian::kql::syntax {

Result<columnar::Type> QueryParser::type() {
  if (!at(TokenKind::identifier)) return missing("type name", "For example long, string, datetime");
  const std::optional<columnar::Type> read = columnar::type_from_name(word());
  if (!read) {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"bool", "int", "long", "real", "decimal", "string", "datetime", "timespan", "dynamic", "guid"});
    std::string hint = did_you_mean(word(), kNames);
    if (const std::string_view foreign = foreign_type_hint(word()); !foreign.empty()) hint = foreign;
    if (hint.empty()) hint = "The types are bool, int, long, real, decimal, string, datetime, timespan, dynamic, guid";
    return Error{ErrorCode::unknown_type, "Unknown type: " + std::string(word()), peek().span, std::move(hint)};
  }
  advance();
  return *read;
}

Result<Schema> QueryParser::schema(bool trailing_comma) {
  const std::uint32_t begin = peek().span.begin;
  WARDIAN_TRY(expect(TokenKind::open_round));
  Schema result;
  if (!at(TokenKind::close_round)) {
    do {
      SchemaColumn column;
      column.type_span = peek().span;
      if (take(TokenKind::star)) {
        column.star = true;
      } else if (at(TokenKind::identifier) && !at(TokenKind::colon, 1)) {  // typeof(long)
        if (!columnar::type_from_name(word()) &&
            (at(TokenKind::identifier, 1) || at(TokenKind::comma, 1) || at(TokenKind::end, 1))) {
          advance();
          return expected(":", "A column is written name: type");
        }
        WARDIAN_ASSIGN(column.type, type());
      } else {
        WARDIAN_ASSIGN(column.name, name("column name"));
        WARDIAN_TRY(expect(TokenKind::colon));
        column.type_span = peek().span;
        WARDIAN_ASSIGN(column.type, type());
      }
      result.columns.push_back(std::move(column));
    } while (take(TokenKind::comma) && !(trailing_comma && at(TokenKind::close_round)));
  }
  if (!at(TokenKind::close_round)) return expected(at_name() ? "," : ")");
  advance();
  result.span = span_from(begin);
  return result;
}

bool QueryParser::at_parameter(std::initializer_list<std::string_view> known) const {
  if (!at(TokenKind::identifier)) return false;
  if (word() == "hint" && at(TokenKind::dot, 1)) return true;
  return at(TokenKind::assign, 1) && std::ranges::find(known, word()) != known.end();
}

Result<Parameter> QueryParser::parameter() {
  WARDIAN_ASSIGN(Identifier read, name());
  while (take(TokenKind::dot)) {
    WARDIAN_ASSIGN(const Identifier part, name());
    read.text += "." + part.text;
    read.span = span_from(read.span.begin);
  }
  WARDIAN_TRY(expect(TokenKind::assign));
  WARDIAN_ASSIGN(Expr value, parameter_value());
  return Parameter{std::move(read), std::move(value)};
}

Result<Expr> QueryParser::parameter_value() {
  if (at_name() && !at_literal() && !(at(TokenKind::open_round, 1) && columnar::type_from_name(word()))) {
    WARDIAN_ASSIGN(Identifier read, name());
    return make(Name{std::move(read.text), read.quoted}, read.span);
  }
  return unary();
}

Status QueryParser::not_twice(const Parameters& list, const Identifier& name) const {
  // parse-kv takes several pairs of quotes, shuffling several keys.
  const bool repeats = name.text == "quote" || name.text == "escape" || name.text == "hint.shufflekey";
  if (repeats || find_parameter(list, name.text) == nullptr) return {};
  return Error{ErrorCode::duplicate_name, "Said twice: " + name.text, name.span, {}};
}

Result<Parameters> QueryParser::parameters(std::initializer_list<std::string_view> known) {
  Parameters list;
  while (at_parameter(known)) {
    WARDIAN_ASSIGN(Parameter read, parameter());
    WARDIAN_TRY(not_twice(list, read.name));
    list.push_back(std::move(read));
    take(TokenKind::comma);
  }
  return list;
}

/// Properties of a chart that name several columns.
constexpr std::string_view kListed[] = {"anomalycolumns", "series", "ycolumns"};

Result<Parameters> QueryParser::properties(bool repeatable) {
  Parameters list;
  if (!take_word("with")) return list;
  WARDIAN_TRY(expect(TokenKind::open_round));
  while (!at(TokenKind::close_round)) {
    WARDIAN_ASSIGN(Identifier read, name("property name"));
    if (!repeatable) WARDIAN_TRY(not_twice(list, read));
    WARDIAN_TRY(expect(TokenKind::assign));
    // ycolumns = a, b: further columns are told from the next property by what follows them.
    WARDIAN_ASSIGN(Expr value, parameter_value());
    std::vector<Expr> values;
    values.push_back(std::move(value));
    const bool listed = std::ranges::find(kListed, read.text) != std::end(kListed);
    while (listed && at(TokenKind::comma) && !(at_name(1) && at(TokenKind::assign, 1 + name_size(1)))) {
      advance();
      WARDIAN_ASSIGN(Expr more, parameter_value());
      values.push_back(std::move(more));
    }
    if (values.size() == 1) {
      list.push_back({std::move(read), std::move(values[0])});
    } else {
      const SourceSpan span = cover(values.front().span, values.back().span);
      const std::size_t height = height_of(values);
      WARDIAN_ASSIGN(Expr several, make(Call{{}, std::move(values), span}, span, height));
      list.push_back({std::move(read), std::move(several)});
    }
    if (take(TokenKind::comma)) {
      if (at(TokenKind::close_round)) return missing("property name");
    } else if (!at(TokenKind::close_round)) {
      return expected(at_name() ? "," : ")");
    }
  }
  advance();
  return list;
}

}  // namespace wardian::kql::syntax

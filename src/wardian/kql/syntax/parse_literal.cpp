#include <cmath>

#include "wardian/kernels/conversion.h"
#include "wardian/kernels/datetime.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/timespan.h"
#include "wardian/kql/syntax/query_parser.h"
#include "wardian/kql/syntax/string_literal.h"
#include "wardian/kql/syntax/typed_literal.h"

namespace wardian::kql::syntax {
namespace {

using columnar::Type;
using columnar::Value;

bool is_true(std::string_view word) { return word == "true" || word == "True" || word == "TRUE"; }
bool is_false(std::string_view word) { return word == "false" || word == "False" || word == "FALSE"; }

/// 8:00, 08:00:15.5
bool is_time_of_day(std::string_view text) {
  text = kernels::trimmed(text);
  const std::size_t colon = text.find(':');
  return (colon == 1 || colon == 2) && text.find_first_not_of("0123456789:.") == std::string_view::npos &&
         kernels::parse_timespan(text);
}

/// A value as it stands inside dynamic(…): date-times, timespans and guids become strings.
std::string as_json(const Value& value) {
  std::string json;
  if (value.is_null()) return "null";
  switch (value.type) {
    case Type::boolean: return std::get<bool>(value.held) ? "true" : "false";
    case Type::int32:
    case Type::int64: kernels::append_long(json, std::get<std::int64_t>(value.held)); break;
    case Type::real: kernels::append_json_real(json, std::get<double>(value.held)); break;
    case Type::decimal:
    case Type::dynamic: return std::get<std::string>(value.held);
    case Type::string:
    case Type::guid: kernels::append_json_string(json, std::get<std::string>(value.held)); break;
    case Type::datetime: {
      std::string text;
      kernels::append_datetime(text, std::get<std::int64_t>(value.held));
      kernels::append_json_string(json, text);
      break;
    }
    case Type::timespan: kernels::append_json_string(json, kernels::format_timespan(std::get<std::int64_t>(value.held))); break;
  }
  return json;
}

}  // namespace

Result<Literal> QueryParser::string_value() {
  if (!at(TokenKind::string)) return missing("string");
  Literal result{{Type::string, std::string()}};
  std::string& whole = std::get<std::string>(result.value.held);
  do {  // strings side by side are one
    StringText part = string_text(word());
    whole += part.text;
    result.hidden |= part.hidden;
    advance();
  } while (at(TokenKind::string));
  return result;
}

Result<Expr> QueryParser::string_literal() {
  const std::uint32_t begin = peek().span.begin;
  WARDIAN_ASSIGN(Literal value, string_value());
  return make(std::move(value), span_from(begin));
}

Result<Expr> QueryParser::literal() {
  const SourceSpan span = peek().span;
  Value value;
  switch (kind()) {
    case TokenKind::string: return string_literal();
    case TokenKind::whole_number: {
      const std::optional<std::int64_t> number = whole_number(word());
      if (!number) {
        return Error{ErrorCode::bad_literal, "Beyond the range of a long: " + std::string(word().substr(0, 40)), span,
                     "Use real(…) or decimal(…)"};
      }
      value = {Type::int64, *number};
      break;
    }
    case TokenKind::real_number: {
      const std::optional<double> number = kernels::parse_real(word());
      if (!number) return Error{ErrorCode::bad_literal, "Not a real: " + std::string(word().substr(0, 40)), span, {}};
      value = {Type::real, *number};
      break;
    }
    case TokenKind::timespan_number: {
      const std::optional<std::int64_t> ticks = kernels::parse_timespan(word());
      if (!ticks) return Error{ErrorCode::bad_literal, "Not a timespan: " + std::string(word().substr(0, 40)), span, {}};
      value = {Type::timespan, *ticks};
      break;
    }
    default:
      if (!is_true(word()) && !is_false(word())) return missing("literal");
      value = {Type::boolean, is_true(word())};
      break;
  }
  advance();
  return make(Literal{std::move(value)}, span);
}

bool QueryParser::at_literal() const {
  switch (kind()) {
    case TokenKind::string:
    case TokenKind::whole_number:
    case TokenKind::real_number:
    case TokenKind::timespan_number: return true;
    case TokenKind::identifier: return is_true(word()) || is_false(word());
    default: return false;
  }
}

Result<Expr> QueryParser::typed_literal(Type type) {
  const std::uint32_t begin = peek().span.begin;
  advance(2);
  if (type == Type::dynamic) {
    WARDIAN_ASSIGN(std::string json, json_value());
    WARDIAN_TRY(expect(TokenKind::close_round));
    Value value = json == "null" ? columnar::null_of(type) : Value{type, std::move(json)};
    return make(Literal{std::move(value)}, span_from(begin));
  }
  // What stands in the brackets has rules of its own (2020-01-01T10:00), so it is taken as text.
  const std::uint32_t from = end_of_last();
  const std::size_t close = whole_text().find_first_of(")\n", from);
  if (close == std::string_view::npos || whole_text()[close] != ')') {
    const auto end = static_cast<std::uint32_t>(std::min(close, whole_text().size()));
    return wrong_at({end, end}, "Expected: )");
  }
  const SourceSpan inner{from, static_cast<std::uint32_t>(close)};
  const bool today = type == Type::datetime && is_time_of_day(text(inner));
  WARDIAN_ASSIGN(Value value, typed_value(today ? Type::timespan : type, text(inner), inner));
  advance_to(inner.end);
  if (!at(TokenKind::close_round) || peek().span.begin != inner.end) return expected(")");
  advance();
  const SourceSpan span = span_from(begin);
  WARDIAN_ASSIGN(Expr read, make(Literal{std::move(value)}, span));
  return today ? time_of_today(std::move(read)) : Result<Expr>(std::move(read));
}

Result<Expr> QueryParser::time_of_today(Expr time) {
  const SourceSpan span = time.span;
  WARDIAN_ASSIGN(Expr now, make(Call{{"now", span, false}, {}, span}, span));
  std::vector<Expr> arguments;
  arguments.push_back(std::move(now));
  WARDIAN_ASSIGN(Expr day, make(Call{{"startofday", span, false}, std::move(arguments), span}, span, 1));
  return binary(BinaryOp::add, std::move(day), std::move(time), span);
}

Result<std::string> QueryParser::json_value() {
  const Nesting nesting(*this);
  if (nesting.too_deep()) return too_deep();
  switch (kind()) {
    case TokenKind::open_square: return json_array();
    case TokenKind::open_curly: return json_object();
    default: return json_scalar();
  }
}

Result<std::string> QueryParser::json_array() {
  advance();
  std::string json = "[";
  if (!take(TokenKind::close_square)) {
    do {
      WARDIAN_ASSIGN(const std::string element, json_value());
      if (json.size() > 1) json += ',';
      json += element;
    } while (take(TokenKind::comma));
    WARDIAN_TRY(expect(TokenKind::close_square));
  }
  json += ']';
  return json;
}

Result<std::string> QueryParser::json_object() {
  advance();
  std::string json = "{";
  if (!take(TokenKind::close_curly)) {
    do {
      if (!at(TokenKind::string)) return missing("key: a string in quotes");
      if (json.size() > 1) json += ',';
      kernels::append_json_string(json, string_text(word()).text);
      advance();
      WARDIAN_TRY(expect(TokenKind::colon));
      WARDIAN_ASSIGN(const std::string element, json_value());
      json += ':';
      json += element;
    } while (take(TokenKind::comma));
    WARDIAN_TRY(expect(TokenKind::close_curly));
  }
  json += '}';
  return json;
}

Result<std::string> QueryParser::json_scalar() {
  if (at_word("null")) {
    advance();
    return std::string("null");
  }
  const bool negative = at(TokenKind::minus);
  if (negative || at(TokenKind::plus)) advance();
  std::string json;
  if (at(TokenKind::identifier) && !negative && at(TokenKind::open_round, 1) && columnar::type_from_name(word())) {
    const Type type = *columnar::type_from_name(word());
    if (type == Type::string) return missing("JSON value");
    WARDIAN_ASSIGN(const Expr read, typed_literal(type));
    const auto* held = std::get_if<Literal>(&read.node);  // a time of today is none
    return held == nullptr ? Result<std::string>(missing("JSON value")) : Result<std::string>(as_json(held->value));
  }
  if (at(TokenKind::string) && !negative) {
    kernels::append_json_string(json, string_text(word()).text);
    advance();
    return json;
  }
  if (negative && at(TokenKind::whole_number) && word() == "9223372036854775808") {
    advance();
    return std::string("-9223372036854775808");
  }
  if (at(TokenKind::whole_number) && !whole_number(word())) {
    // Beyond 64 bits a JSON number is still one.
    const std::optional<double> number = kernels::parse_real(word());
    if (!number) return missing("JSON value");
    kernels::append_json_real(json, negative ? -*number : *number);
    advance();
    return json;
  }
  if (!at_literal()) return missing("JSON value");
  WARDIAN_ASSIGN(const Expr read, literal());
  Value value = std::get<Literal>(read.node).value;
  if (negative) {
    if (auto* whole = std::get_if<std::int64_t>(&value.held)) *whole = -*whole;
    if (auto* real = std::get_if<double>(&value.held)) *real = -*real;
  }
  return as_json(value);
}

}  // namespace wardian::kql::syntax

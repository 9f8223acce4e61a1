#include "wardian/kernels/json_text.h"

#include "wardian/kernels/utf8.h"

namespace wardian::kernels {
namespace {

// One character at a time: the standard library's searches for one of several call memchr for each.
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view skip_blanks(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && is_blank(text[at])) ++at;
  return text.substr(at);
}

/// Bytes of the string literal that `text` starts with, quotes included; all of it when it never ends.
std::size_t string_size(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return text.size();
}

/// Bytes of the value that `text` starts with.
std::size_t value_size(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() == '"') return string_size(text);
  if (text.front() == '[' || text.front() == '{') {
    int depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char c = text[at];
      if (c == '"') {
        at += string_size(text.substr(at)) - 1;
      } else if (c == '[' || c == '{') {
        ++depth;
      } else if (c == ']' || c == '}') {
        if (--depth == 0) return at + 1;
      }
    }
    return text.size();
  }
  const auto ends = [](char c) { return c == ',' || c == ']' || c == '}' || c == ':' || is_blank(c); };
  std::size_t at = 0;
  while (at < text.size() && !ends(text[at])) ++at;
  return at;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Four hexadecimal digits at `at`, or -1.
int hex_four(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  int value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const int digit = hex_digit(text[at + i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace

JsonKind json_kind(std::string_view json) {
  if (json.empty()) return JsonKind::null;
  switch (json.front()) {
    case '"': return JsonKind::string;
    case '[': return JsonKind::array;
    case '{': return JsonKind::object;
    case 't':
    case 'f': return JsonKind::boolean;
    case 'n': return JsonKind::null;
    default:
      for (const char c : json) {
        if (c == '.' || c == 'e' || c == 'E') return JsonKind::real;
      }
      return JsonKind::integer;
  }
}

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  std::size_t plain = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, at - plain);
    plain = at + 1;
    switch (c) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\n': out.append("\\n"); break;
      case '\r': out.append("\\r"); break;
      case '\t': out.append("\\t"); break;
      case '\b': out.append("\\b"); break;
      case '\f': out.append("\\f"); break;
      default:
        out.append("\\u00");
        out.push_back(kHex[c >> 4]);
        out.push_back(kHex[c & 15]);
    }
  }
  out.append(text, plain);
  out.push_back('"');
}

void append_unescaped(std::string& out, std::string_view literal) {
  if (literal.size() < 2) return;
  const std::string_view inside = literal.substr(1, literal.size() - 2);
  for (std::size_t at = 0; at < inside.size();) {
    const std::size_t slash = inside.find('\\', at);
    if (slash == std::string_view::npos || slash + 1 >= inside.size()) {
      out.append(inside, at);
      return;
    }
    out.append(inside, at, slash - at);
    const char c = inside[slash + 1];
    at = slash + 2;
    switch (c) {
      case 'n': out.push_back('\n'); break;
      case 'r': out.push_back('\r'); break;
      case 't': out.push_back('\t'); break;
      case 'b': out.push_back('\b'); break;
      case 'f': out.push_back('\f'); break;
      case 'u': {
        const int high = hex_four(inside, at);
        if (high < 0) break;
        at += 4;
        auto codepoint = static_cast<std::uint32_t>(high);
        if (high >= 0xD800 && high < 0xDC00 && inside.substr(at, 2) == "\\u") {
          const int low = hex_four(inside, at + 2);
          if (low >= 0xDC00 && low < 0xE000) {
            codepoint = 0x10000 + ((codepoint - 0xD800) << 10) + (static_cast<std::uint32_t>(low) - 0xDC00);
            at += 6;
          }
        }
        append_codepoint(out, codepoint);
        break;
      }
      default: out.push_back(c);
    }
  }
}

std::string unescaped(std::string_view literal) {
  std::string out;
  append_unescaped(out, literal);
  return out;
}

void append_dynamic_as_text(std::string& out, std::string_view json) {
  if (json_kind(json) == JsonKind::string)
    append_unescaped(out, json);
  else
    out.append(json);
}

JsonWalk::JsonWalk(std::string_view json) {
  json = skip_blanks(json);
  if (json.empty() || (json.front() != '[' && json.front() != '{')) return;
  object_ = json.front() == '{';
  rest_ = json.substr(1);
}

bool JsonWalk::next() {
  rest_ = skip_blanks(rest_);
  if (!rest_.empty() && rest_.front() == ',') rest_ = skip_blanks(rest_.substr(1));
  if (rest_.empty() || rest_.front() == ']' || rest_.front() == '}') return false;
  if (object_) {
    key_ = rest_.substr(0, value_size(rest_));
    rest_ = skip_blanks(rest_.substr(key_.size()));
    if (rest_.empty() || rest_.front() != ':') return false;
    rest_ = skip_blanks(rest_.substr(1));
  }
  value_ = rest_.substr(0, value_size(rest_));
  rest_ = rest_.substr(value_.size());
  return !value_.empty();
}

bool split_json_array(std::string_view json, std::vector<std::string_view>& elements) {
  elements.clear();
  if (json_kind(json) != JsonKind::array) return false;
  JsonWalk walk(json);
  while (walk.next()) elements.push_back(walk.value());
  return true;
}

std::optional<std::string_view> json_member(std::string_view json, std::string_view name) {
  if (json_kind(json) != JsonKind::object) return std::nullopt;
  JsonWalk walk(json);
  while (walk.next()) {
    const std::string_view inside = walk.key().size() < 2 ? std::string_view() : walk.key().substr(1, walk.key().size() - 2);
    const bool same = inside.find('\\') == std::string_view::npos ? inside == name : unescaped(walk.key()) == name;
    if (same) return walk.value() == "null" ? std::nullopt : std::optional(walk.value());
  }
  return std::nullopt;
}

std::optional<std::string_view> json_element(std::string_view json, std::int64_t index) {
  if (json_kind(json) != JsonKind::array) return std::nullopt;
  if (index < 0) {
    std::int64_t size = 0;
    for (JsonWalk walk(json); walk.next();) ++size;
    index += size;
    if (index < 0) return std::nullopt;
  }
  JsonWalk walk(json);
  while (walk.next()) {
    if (index-- == 0) return walk.value() == "null" ? std::nullopt : std::optional(walk.value());
  }
  return std::nullopt;
}

}  // namespace wardian::kernels

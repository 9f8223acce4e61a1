#include "wardian/kernels/json_text.h"

namespace wardian::kernels {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// One pass: checks the grammar and copies without blanks. Recursion is bounded by kJsonDepthMax.
class Canonicalizer {
 public:
  Canonicalizer(std::string& out, std::string_view text) : out_(out), text_(text) {}

  bool whole() {
    if (!value(0)) return false;
    blanks();
    return at_ == text_.size();
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }

  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    out_.append(expected);
    return true;
  }

  bool digits() {
    const std::size_t begin = at_;
    while (is_digit(peek())) ++at_;
    return at_ > begin;
  }

  bool number() {
    const std::size_t begin = at_;
    if (peek() == '-') ++at_;
    if (peek() == '0' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) return false;
    if (!digits()) return false;
    if (peek() == '.') {
      ++at_;
      if (!digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return false;
    }
    out_.append(text_, begin, at_ - begin);
    return true;
  }

  bool string() {
    const char quote = text_[at_];
    const std::size_t begin = at_++;
    bool escaped = quote == '\'';
    while (at_ < text_.size() && text_[at_] != quote) {
      const char c = text_[at_];
      if (c == '\\') {
        escaped = true;
        ++at_;
        if (at_ >= text_.size()) return false;
        constexpr std::string_view kEscapes = "\"\\/bfnrtu'";
        if (kEscapes.find(text_[at_]) == std::string_view::npos) return false;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        escaped = true;  // a bare line break is no JSON, but documents with one are common: it is escaped
      }
      ++at_;
    }
    if (at_ >= text_.size()) return false;
    ++at_;
    const std::string_view literal = text_.substr(begin, at_ - begin);
    if (!escaped)
      out_.append(literal);
    else
      append_json_string(out_, unescaped(literal));
    return true;
  }

  bool value(int depth) {
    blanks();
    switch (peek()) {
      case '{':
      case '[': return depth < kJsonDepthMax && container(depth);
      case '"':
      case '\'': return string();
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: return number();
    }
  }

  bool container(int depth) {
    const bool object = text_[at_] == '{';
    const char close = object ? '}' : ']';
    out_.push_back(text_[at_++]);
    blanks();
    if (peek() == close) {
      out_.push_back(text_[at_++]);
      return true;
    }
    while (true) {
      blanks();
      if (object) {
        if ((peek() != '"' && peek() != '\'') || !string()) return false;
        blanks();
        if (peek() != ':') return false;
        ++at_;
        out_.push_back(':');
      }
      if (!value(depth + 1)) return false;
      blanks();
      if (peek() == close) {
        out_.push_back(text_[at_++]);
        return true;
      }
      if (peek() != ',') return false;
      ++at_;
      out_.push_back(',');
    }
  }

  std::string& out_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool append_canonical_json(std::string& out, std::string_view text) {
  const std::size_t before = out.size();
  if (Canonicalizer(out, text).whole()) return true;
  out.resize(before);
  return false;
}

}  // namespace wardian::kernels

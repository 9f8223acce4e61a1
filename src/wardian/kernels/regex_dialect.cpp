#include "wardian/kernels/regex_dialect.h"

#include <vector>

#include "wardian/kernels/regex_class.h"

namespace wardian::kernels {
namespace {

Error refused(std::string message, std::string hint = {}) {
  return Error{ErrorCode::bad_argument, "Not a regular expression: " + std::move(message), {}, std::move(hint)};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

class Translator {
 public:
  explicit Translator(std::string_view pattern) : in_(pattern) {}

  Result<std::string> translated() {
    while (at_ < in_.size()) {
      const char c = in_[at_];
      if (c == '\\') {
        WARDIAN_TRY(escape(false));
      } else if (c == '[') {
        WARDIAN_TRY(bracketed());
      } else if (c == '(') {
        WARDIAN_TRY(group());
      } else if (c == ')') {
        if (groups_.size() > 1) groups_.pop_back();
        copy(1);
      } else if (!skipped()) {
        copy(1);
      }
    }
    return std::move(out_);
  }

 private:
  struct Flags {
    bool verbose = false;
    bool unicode = true;
  };
  Flags& flags() { return groups_.back(); }
  bool next_is(std::string_view text) const { return in_.substr(at_).starts_with(text); }
  void copy(std::size_t size) {
    out_.append(in_.substr(at_, size));
    at_ += size;
  }

  /// White space and comments of verbose mode.
  bool skipped() {
    if (!flags().verbose) return false;
    if (in_[at_] == '#') {
      at_ = std::min(in_.find('\n', at_), in_.size());
      return true;
    }
    if (!is_space(in_[at_])) return false;
    ++at_;
    return true;
  }

  Status group() {
    for (const std::string_view around : {"(?=", "(?!", "(?<=", "(?<!"}) {
      if (next_is(around)) {
        return refused("look-around is not supported: " + std::string(around), "Match the text around and take a group of it");
      }
    }
    if (!next_is("(?") || next_is("(?P")) {
      groups_.push_back(flags());
      copy(1);
      return {};
    }
    if (next_is("(?<")) {
      groups_.push_back(flags());
      out_ += "(?P<";
      at_ += 3;
      return {};
    }
    return flag_group();
  }

  /// (?flags) for the rest of the group it stands in, or (?flags:…). RE2 has i, m, s and U; the others are dealt with here.
  Status flag_group() {
    std::size_t end = at_ + 2;
    Flags made = flags();
    std::string kept[2];  // set, cleared
    bool clears = false;
    for (; end < in_.size() && in_[end] != ')' && in_[end] != ':'; ++end) {
      const char flag = in_[end];
      switch (flag) {
        case '-': clears = true; break;
        case 'i':
        case 'm':
        case 's':
        case 'U': kept[clears] += flag; break;
        case 'u': made.unicode = !clears; break;
        case 'x': made.verbose = !clears; break;
        default: return refused("unknown or unsupported flag: " + std::string(1, flag), "Flags are i, m, s, U, u and x");
      }
    }
    if (end == in_.size()) return refused("missing ): " + std::string(in_.substr(at_)));
    if (end == at_ + 2 && in_[end] == ')') return refused("no flag in (?)");
    if (!kept[1].empty()) kept[0] += '-' + kept[1];
    if (in_[end] == ':') {
      groups_.push_back(made);
      out_ += "(?" + kept[0] + ':';
    } else {
      flags() = made;
      if (!kept[0].empty()) out_ += "(?" + kept[0] + ')';
    }
    at_ = end + 1;
    return {};
  }

  Status bracketed() {
    copy(1);
    if (at_ < in_.size() && in_[at_] == '^') copy(1);
    while (at_ < in_.size() && in_[at_] == '-') copy(1);
    for (bool first = true; at_ < in_.size(); first = false) {
      if (in_[at_] == ']' && !first) {
        copy(1);
        return {};
      }
      if (in_[at_] == '\\') {
        WARDIAN_TRY(escape(true));
        continue;
      }
      if (const std::size_t end = in_.find(":]", at_); next_is("[:") && end != std::string_view::npos) {
        copy(end + 2 - at_);
        continue;
      }
      for (const std::string_view operation : {"&&", "--", "~~", "["}) {
        if (!next_is(operation)) continue;
        return refused("classes within classes and " + std::string(operation == "[" ? "&&" : operation) + " are not supported",
                       "A [ meant as itself is written \\[, as are \\& \\- \\~");
      }
      if (!flags().verbose || !is_space(in_[at_])) {
        copy(1);
      } else {
        ++at_;
      }
    }
    return refused("missing ]");
  }

  Status escape(bool in_class) {
    if (at_ + 1 == in_.size()) return refused("a \\ at the end");
    const char c = in_[at_ + 1];
    switch (c) {
      case 'd':
      case 'D':
      case 's':
      case 'S':
      case 'w':
      case 'W': perl_class(c, in_class); return {};
      case 'p':
      case 'P': return property(in_class);
      case 'u':
      case 'U': return code_point();
      case '<':
      case '>': return refused("word starts and ends are not supported: \\" + std::string(1, c), "\\b is a word boundary");
      case '_':
        out_ += '_';
        at_ += 2;
        return {};
      case 'b':
        if (in_.substr(at_ + 2).starts_with("{start") || in_.substr(at_ + 2).starts_with("{end")) {
          return refused("word starts and ends are not supported: \\b{", "\\b is a word boundary");
        }
        break;
      default:
        if (is_letter(c) && std::string_view("ABafnrtvxz").find(c) == std::string_view::npos) {
          return refused("unknown escape: \\" + std::string(1, c));
        }
        if (is_digit(c) && c != '0' && (at_ + 2 == in_.size() || !is_digit(in_[at_ + 2]))) {
          return refused("back-references are not supported: \\" + std::string(1, c));
        }
    }
    copy(2);
    return {};
  }

  void perl_class(char letter, bool in_class) {
    if (!flags().unicode) {
      copy(2);
      return;
    }
    at_ += 2;
    const bool negated = letter < 'a';
    if (in_class) {
      out_ += regex_class_items(letter);
    } else {
      out_ += negated ? "[^" : "[";
      out_ += regex_class_items(negated ? static_cast<char>(letter + 32) : letter);
      out_ += ']';
    }
  }

  /// \pL, \p{Letter}, \p{^Greek}, \P{…}
  Status property(bool in_class) {
    bool negated = in_[at_ + 1] == 'P';
    const bool braced = at_ + 2 < in_.size() && in_[at_ + 2] == '{';
    const std::size_t begin = at_ + (braced ? 3 : 2);
    const std::size_t end = braced ? in_.find('}', begin) : begin + 1;
    if (end > in_.size()) return refused("a class needs a name: " + std::string(in_.substr(at_)));
    std::string_view name = in_.substr(begin, end - begin);
    if (name.starts_with('^')) {
      negated = !negated;
      name.remove_prefix(1);
    }
    at_ = end + (braced ? 1 : 0);
    const PropertyClass known = regex_property(name);
    if (known.items.empty()) {
      out_ += negated ? "\\P{" : "\\p{";
      out_ += known.name + '}';
    } else if (in_class) {
      out_ += negated ? regex_class_complement(known.items) : known.items;
    } else {
      out_ += (negated ? "[^" : "[") + known.items + ']';
    }
    return {};
  }

  /// \u0041, \U00000041, \u{41} and \U{41} as \x{41}.
  Status code_point() {
    const std::size_t digits = in_[at_ + 1] == 'u' ? 4 : 8;
    const bool braced = at_ + 2 < in_.size() && in_[at_ + 2] == '{';
    const std::size_t begin = at_ + (braced ? 3 : 2);
    const std::size_t end = braced ? in_.find('}', begin) : begin + digits;
    if (end > in_.size()) {
      return refused(std::string(in_.substr(at_, 2)) + " needs " + std::to_string(digits) + " hex digits, or braces");
    }
    out_ += "\\x{" + std::string(in_.substr(begin, end - begin)) + '}';
    at_ = end + (braced ? 1 : 0);
    return {};
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
  std::vector<Flags> groups_{Flags{}};
};

}  // namespace

Result<std::string> regex_to_re2(std::string_view pattern) { return Translator(pattern).translated(); }

Result<std::unique_ptr<const re2::RE2>> compile_regex(std::string_view pattern) {
  WARDIAN_ASSIGN(const std::string translated, regex_to_re2(pattern));
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(64 << 20);
  auto made = std::make_unique<const re2::RE2>(translated, options);
  if (!made->ok()) return refused(made->error());
  return made;
}

std::string regex_quoted(std::string_view text) {
  std::string made;
  for (const char c : text) {
    if (std::string_view("\\.+*?()|[]{}^$#&-~").find(c) != std::string_view::npos) made += '\\';
    made += c;
  }
  return made;
}

}  // namespace wardian::kernels

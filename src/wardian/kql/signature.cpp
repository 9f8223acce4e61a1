#include "wardian/kql/signature.h"

#include <charconv>

namespace wardian::kql {
namespace {

using columnar::Type;
using columnar::Value;

bool in_family(char variable, Type type) {
  switch (variable) {
    case 'N': return columnar::is_numeric(type);
    case 'O': return type != Type::dynamic && type != Type::guid;
    case 'S': return columnar::is_numeric(type) || type == Type::datetime || type == Type::timespan;
    case 'H': return type != Type::boolean && type != Type::real;
    case 'D': return type != Type::dynamic;
    default: return true;
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<Signature> signature() {
    Signature made;
    if (!take("(")) return fail("(");
    while (!take(")")) {
      if (!made.parameters.empty() && !take(",")) return fail(",");
      WARDIAN_ASSIGN(Parameter parameter, one_parameter());
      made.parameters.push_back(std::move(parameter));
    }
    if (!take("->")) return fail("->");
    if (take("(")) {
      WARDIAN_ASSIGN(made.columns, several());
    } else {
      WARDIAN_ASSIGN(made.result, pattern());
    }
    skip();
    if (at_ != text_.size()) return fail("the end");
    return made;
  }

 private:
  /// The rest of "(name: type, name: type)".
  Result<std::vector<columnar::Column>> several() {
    std::vector<columnar::Column> made;
    do {
      std::string name = word();
      if (name.empty() || !take(":")) return fail("name: type");
      const auto type = columnar::type_from_name(word());
      if (!type) return fail("a type");
      made.push_back({std::move(name), *type});
    } while (take(","));
    if (!take(")")) return fail(")");
    return made;
  }

  Result<Parameter> one_parameter() {
    Parameter made;
    made.name = word();
    if (made.name.empty() || !take(":")) return fail("name: type");
    std::size_t before = at_;
    std::string prefix = word();
    if (prefix == "const" || prefix == "literal") {
      made.constant = true;
      made.literal = prefix == "literal";
      before = at_;
      prefix = word();
    }
    if (prefix == "column") {
      made.column = true;
      before = at_;
      prefix = word();
    }
    made.rule = find_argument_rule(prefix);
    if (made.rule == nullptr) at_ = before;
    WARDIAN_ASSIGN(made.type, pattern());
    if (take("...")) {
      made.repeated = true;
      if (const std::string bound = word(); bound == "pairs") {
        made.pairs = true;
      } else if (!bound.empty()) {
        made.most = std::stoul(bound);
      }
    }
    if (take("=")) {
      WARDIAN_ASSIGN(made.default_value, literal(made.type));
    }
    return made;
  }

  Result<TypePattern> pattern() {
    const std::string name = word();
    using Kind = TypePattern::Kind;
    if (name == "any") return TypePattern{Kind::any, Type::dynamic, 0};
    if (name == "number") return TypePattern{Kind::number, Type::dynamic, 0};
    if (name == "integer") return TypePattern{Kind::integer, Type::dynamic, 0};
    if (name == "summable") return TypePattern{Kind::summable, Type::dynamic, 0};
    if (name == "codepoints") return TypePattern{Kind::codepoints, Type::dynamic, 0};
    if (name == "float") return TypePattern{Kind::real_only, Type::real, 0};
    if (name == "plain") return TypePattern{Kind::plain, Type::dynamic, 0};
    if (name == "text") return TypePattern{Kind::text, Type::dynamic, 0};
    if (name.size() == 1 && std::string_view("TNSOHD").find(name) != std::string_view::npos)
      return TypePattern{Kind::same, Type::dynamic, name[0]};
    if (const auto type = columnar::type_from_name(name)) return TypePattern{Kind::exact, *type, 0};
    return fail("a type");
  }

  /// Numbers, quoted text, true, false, and type(null).
  Result<Value> literal(const TypePattern& type) {
    skip();
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      const char quote = text_[at_++];
      const std::size_t end = text_.find(quote, at_);
      if (end == std::string_view::npos) return fail("a closing quote");
      Value made{Type::string, std::string(text_.substr(at_, end - at_))};
      at_ = end + 1;
      return made;
    }
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != ')' && text_[at_] != ' ') {
      if (text_[at_] == '(') {
        at_ = text_.find(')', at_);
        if (at_ == std::string_view::npos) return fail(")");
      }
      ++at_;
    }
    const std::string_view word = text_.substr(start, at_ - start);
    if (word == "true" || word == "false") return Value{Type::boolean, word == "true"};
    if (word.ends_with("(null)")) {
      const auto named = columnar::type_from_name(word.substr(0, word.size() - 6));
      if (named) return columnar::null_of(*named);
    }
    if (word == "null") return columnar::null_of(type.exact);
    std::int64_t whole = 0;
    const auto integer = std::from_chars(word.data(), word.data() + word.size(), whole);
    if (!word.empty() && integer.ec == std::errc() && integer.ptr == word.data() + word.size()) {
      if (type.kind == TypePattern::Kind::exact && type.exact == Type::real) {
        return Value{Type::real, static_cast<double>(whole)};
      }
      const bool exact_integer =
          type.kind == TypePattern::Kind::exact && (type.exact == Type::int32 || type.exact == Type::timespan);
      return Value{exact_integer ? type.exact : Type::int64, whole};
    }
    double fraction = 0;
    const auto real = std::from_chars(word.data(), word.data() + word.size(), fraction);
    if (!word.empty() && real.ec == std::errc() && real.ptr == word.data() + word.size()) {
      return Value{Type::real, fraction};
    }
    return fail("a literal");
  }

  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(std::string_view expected) {
    skip();
    if (!text_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }
  std::string word() {
    skip();
    const std::size_t start = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_')) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }
  Error fail(std::string_view expected) const {
    return Error{ErrorCode::internal,
                 "Signature needs " + std::string(expected) + " at " + std::to_string(at_) + ": " + std::string(text_),
                 std::nullopt,
                 {}};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool TypePattern::accepts(Type type) const {
  switch (kind) {
    case Kind::exact: return type == exact;
    case Kind::any: return true;
    case Kind::number: return columnar::is_numeric(type);
    case Kind::integer: return columnar::is_integer(type);
    case Kind::summable: return in_family('S', type);
    case Kind::codepoints: return columnar::is_integer(type) || type == Type::dynamic;
    case Kind::real_only: return type == Type::real;
    case Kind::plain: return type != Type::dynamic;
    case Kind::text: return type == Type::string || type == Type::dynamic;
    case Kind::same: return in_family(variable, type);
  }
  return false;
}

std::size_t Signature::least_arguments() const {
  std::size_t least = 0;
  for (const Parameter& parameter : parameters) {
    if (!parameter.repeated && !parameter.default_value) ++least;
  }
  return least;
}

std::optional<std::size_t> Signature::most_arguments() const {
  if (parameters.empty() || !parameters.back().repeated) return parameters.size();
  if (parameters.back().most == SIZE_MAX) return std::nullopt;
  return parameters.size() - 1 + parameters.back().most;
}

const Parameter& Signature::at(std::size_t argument) const {
  return parameters[argument < parameters.size() ? argument : parameters.size() - 1];
}

Result<Signature> parse_signature(std::string_view text) { return Reader(text).signature(); }

}  // namespace wardian::kql

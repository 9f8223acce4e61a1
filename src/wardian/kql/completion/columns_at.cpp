#include "wardian/kql/completion/columns_at.h"

#include <algorithm>

#include "wardian/kql/syntax/parser.h"

namespace wardian::kql {
namespace {

using syntax::TokenKind;

constexpr std::size_t kStatementsMax = 200;
constexpr std::size_t kBytesMax = std::size_t{256} << 10;
constexpr std::size_t kPartsMax = 100;

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 80)) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  // No half of a character at the cut.
  while (text.size() > 80 && !out.empty() && (static_cast<unsigned char>(out.back()) & 0x80U) != 0) out.pop_back();
  return out + (text.size() > 80 ? "…" : "");
}

}  // namespace

Sight::Sight(const TokensBefore& tokens, const Place& place, const BindContext& context)
    : tokens_(tokens), place_(place), context_(context), too_large_(tokens.word_begin > kBytesMax) {
  for (const Bracket& bracket : place.brackets) {
    if (bracket.kind == BracketKind::body) declare_parameters(bracket);
    if (bracket.kind == BracketKind::whole || bracket.kind == BracketKind::body) declare_statements(bracket);
  }
}

std::optional<columnar::Schema> Sight::bound(const std::string& query) const {
  const std::string text = declarations_ + query;
  const Result<syntax::QueryTree> tree = syntax::parse_query(text);
  if (!tree.ok()) return std::nullopt;
  BindContext context = context_;
  context.constants_only = true;
  context.parameters.clear();
  context.text = text;
  const Result<BoundQuery> made = bind_query(*tree, context);
  if (!made.ok() || made->statements.empty()) return std::nullopt;
  return made->statements.back().table->schema;
}

void Sight::add(const std::string& statement, DeclaredName name) {
  if (!too_large_ && bound(statement + ";\nprint 1")) {
    declarations_ += statement + ";\n";
    if (!name.name.empty() && name.kind == DeclaredName::Kind::scalar && bound("['" + name.name + "'] | take 1"))
      name.kind = DeclaredName::Kind::table;
  }
  if (name.name.empty()) return;
  std::erase_if(names_, [&](const DeclaredName& other) { return other.name == name.name; });
  names_.push_back(std::move(name));
}

void Sight::declare_statements(const Bracket& bracket) {
  const std::size_t count = std::min(bracket.statements.size() - 1, kStatementsMax);
  for (std::size_t at = 0; at < count; ++at) {
    const std::size_t begin = bracket.statements[at];
    const std::size_t end = bracket.statements[at + 1] - 1;  // the semicolon
    if (begin >= end) continue;
    const std::string_view first = tokens_.of(begin);
    if (first != "let" && first != "set" && first != "declare" && first != "alias" && first != "restrict") continue;
    const std::string text(tokens_.slice(tokens_.tokens[begin].span.begin, tokens_.tokens[end].span.begin));
    DeclaredName name;
    if (first == "let" && tokens_.is(begin + 1, TokenKind::identifier)) {
      name.name = tokens_.of(begin + 1);
      name.detail = one_line(text);
      const bool function =
          text.ends_with('}') && (tokens_.is(begin + 3, TokenKind::open_round) || tokens_.is_word(begin + 3, "view"));
      if (function) name.kind = DeclaredName::Kind::function;
    }
    add(text, std::move(name));
  }
}

void Sight::declare_parameters(const Bracket& body) {
  // ( … ) {
  std::size_t close = body.opened;
  if (close == 0 || !tokens_.is(--close, TokenKind::close_round)) return;
  std::size_t open = close;
  for (int depth = 0; open > 0; --open) {
    if (tokens_.is(open, TokenKind::close_round)) ++depth;
    if (tokens_.is(open, TokenKind::open_round) && --depth == 0) break;
  }
  for (std::size_t at = open + 1; at + 2 <= close; ++at) {
    if (!tokens_.is(at, TokenKind::identifier) || !tokens_.is(at + 1, TokenKind::colon)) continue;
    const std::string name(tokens_.of(at));
    DeclaredName declared{name, DeclaredName::Kind::scalar, {}};
    if (tokens_.is(at + 2, TokenKind::open_round)) {
      std::size_t end = at + 3;
      while (end < close && !tokens_.is(end, TokenKind::close_round)) ++end;
      const std::string schema(tokens_.slice(tokens_.tokens[at + 2].span.begin, tokens_.tokens[end].span.end));
      declared.kind = DeclaredName::Kind::table;
      declared.detail = name + ": " + one_line(schema);
      add("let " + name + " = datatable" + (schema == "(*)" ? "(['']:long)" : schema) + "[]", std::move(declared));
      at = end;
      continue;
    }
    const std::string type(tokens_.of(at + 2));
    declared.detail = name + ": " + type;
    add("let " + name + " = " + (type == "string" ? "''" : type + "(null)"), std::move(declared));
  }
}

Sight::Parts Sight::parts_before(std::size_t bracket) const {
  const Bracket& here = place_.brackets[bracket];
  Parts parts;
  std::size_t outer = bracket;
  if (here.kind == BracketKind::piped) {
    do {
      --outer;
    } while (outer > 0 && place_.brackets[outer].is_transparent());
    parts = parts_before(outer);
    const std::size_t segment = place_.brackets[outer].segment();
    std::size_t size = 0;
    const std::string_view name = operator_at(tokens_, segment, here.opened, size);
    if ((name == "mv-apply" || name == "mvapply") && here.opened > segment + size + 1) {
      // Its pipeline sees the elements as mv-expand gives them.
      const auto begin = tokens_.tokens[segment + size].span.begin;
      const auto end = tokens_.tokens[here.opened - 1].span.begin;
      parts.push_back("mv-expand " + std::string(tokens_.slice(begin, end)));
    }
  }
  std::size_t begin = here.source;
  for (const std::size_t pipe : here.pipes) {
    if (begin < pipe) parts.emplace_back(tokens_.slice(tokens_.tokens[begin].span.begin, tokens_.tokens[pipe - 1].span.end));
    begin = pipe + 1;
  }
  return parts;
}

columnar::Schema Sight::columns(std::size_t bracket) const {
  if (too_large_) return {};
  Parts parts = parts_before(bracket);
  if (parts.size() > kPartsMax) parts.resize(kPartsMax);
  // What cannot be bound is left out, from the end on: an operator that is wrong hides no column of those before it.
  for (; !parts.empty(); parts.pop_back()) {
    std::string query;
    for (const std::string& part : parts) query += (query.empty() ? "" : "\n| ") + part;
    if (auto schema = bound(query)) return *std::move(schema);
  }
  return {};
}

columnar::Schema Sight::right_columns(std::size_t bracket) const {
  const Bracket& here = place_.brackets[bracket];
  std::size_t size = 0;
  if (too_large_ || operator_at(tokens_, here.segment(), tokens_.tokens.size(), size).empty()) return {};
  std::size_t at = here.segment() + size;
  while (tokens_.is(at, TokenKind::identifier)) {  // kind=…, hint.strategy=…
    std::size_t sign = at + 1;
    while (tokens_.is(sign, TokenKind::dot) && tokens_.is(sign + 1, TokenKind::identifier)) sign += 2;
    if (!tokens_.is(sign, TokenKind::assign)) break;
    at = sign + 2;
  }
  std::size_t end = at;
  for (int depth = 0; end < tokens_.tokens.size(); ++end) {
    if (tokens_.is(end, TokenKind::open_round)) ++depth;
    if (tokens_.is(end, TokenKind::close_round)) --depth;
    if (depth == 0 && tokens_.is_word(end, "on")) break;
  }
  if (end <= at) return {};
  const std::string query(tokens_.slice(tokens_.tokens[at].span.begin, tokens_.tokens[end - 1].span.end));
  return bound(query).value_or(columnar::Schema());
}

}  // namespace wardian::kql

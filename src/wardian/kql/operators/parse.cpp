#include <set>

#include "wardian/base/overloaded.h"
#include "wardian/kql/operators/text_pattern.h"

namespace wardian::kql {
namespace {

enum class Kind { simple, relaxed, regex };

Result<Kind> kind_of(const syntax::Parameters& parameters) {
  const syntax::Parameter* given = syntax::find_parameter(parameters, "kind");
  if (given == nullptr) return Kind::simple;
  const auto* word = std::get_if<syntax::Name>(&given->value.node);
  if (word != nullptr && word->text == "simple") return Kind::simple;
  if (word != nullptr && word->text == "relaxed") return Kind::relaxed;
  if (word != nullptr && word->text == "regex") return Kind::regex;
  return error_at(ErrorCode::bad_argument, "Unknown kind of parse", given->value.span, "simple, relaxed or regex");
}

/// In a regex pattern a typed column matches only text of its type; elsewhere the conversion decides.
std::string_view typed_text(Type type) {
  switch (type) {
    case Type::int32:
    case Type::int64: return "[-+]?[0-9]+";
    case Type::real:
    case Type::decimal: return "[-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?";
    case Type::boolean: return "true|false|True|False|0|1";
    default: return ".*";
  }
}

struct Cut {
  std::string name;
  Type type;
};

/// The pattern as one regular expression, a named group a column: the query's own texts may have groups too.
std::string regex_of(const std::vector<syntax::ParsePart>& pattern, Kind kind, const std::string& flags, std::vector<Cut>& cuts) {
  const auto ends_by_itself = [&](std::size_t at, Type type) {
    return kind == Kind::regex ||
           (type != Type::string && at + 1 < pattern.size() && !std::holds_alternative<syntax::ParseText>(pattern[at + 1].node));
  };
  std::string made = "(?s" + flags + ")";
  const bool open_start = !pattern.empty() && std::holds_alternative<syntax::ParseStar>(pattern.front().node);
  if (!open_start) made += '^';
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const bool last = at + 1 == pattern.size();
    std::visit(overloaded{[&](const syntax::ParseStar&) {
                            if (!last && at > 0) made += ".*?";
                          },
                          [&](const syntax::ParseText& text) {
                            const std::string& held = std::get<std::string>(text.text.value.held);
                            made += kind == Kind::regex ? held : regex_quoted(held);
                          },
                          [&](const syntax::ParseColumn& column) {
                            const Type type = column.type.value_or(Type::string);
                            made += "(?P<" + std::string(kernels::kCutGroup) + std::to_string(cuts.size()) + ">";
                            cuts.push_back({column.name.text, type});
                            made += ends_by_itself(at, type) ? typed_text(type) : last ? ".*" : ".*?";
                            made += ')';
                            if (last) made += '$';
                          }},
               pattern[at].node);
  }
  return made;
}

/// Refuses a pattern that is no regular expression: at the first text that is none by itself, else at the first text.
Status check_pattern(const std::string& pattern, const std::vector<syntax::ParsePart>& parts, SourceSpan keyword) {
  const auto compiled = kernels::compile_regex(pattern);
  if (compiled.ok()) return {};
  std::optional<SourceSpan> first;
  for (const syntax::ParsePart& part : parts) {
    const auto* text = std::get_if<syntax::ParseText>(&part.node);
    if (text == nullptr) continue;
    if (!first) first = part.span;
    const auto alone = kernels::compile_regex(std::get<std::string>(text->text.value.held));
    if (!alone.ok()) return error_at(ErrorCode::bad_argument, alone.error().message, part.span, alone.error().hint);
  }
  return error_at(ErrorCode::bad_argument, compiled.error().message, first.value_or(keyword), compiled.error().hint);
}

/// The pattern as `wardian_cut_at_texts` reads it; nullopt where texts alone do not tell where a piece ends: behind a column of a type
/// its own values do, where no text follows.
std::optional<std::string> steps_of(const std::vector<syntax::ParsePart>& pattern) {
  std::string steps, text;
  const auto end_text = [&] {
    if (!text.empty()) steps += "t" + std::to_string(text.size()) + ":" + text;
    text.clear();
  };
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (const auto* part = std::get_if<syntax::ParseText>(&pattern[at].node)) {
      text += std::get<std::string>(part->text.value.held);
      continue;
    }
    end_text();
    const auto* column = std::get_if<syntax::ParseColumn>(&pattern[at].node);
    const bool typed = column != nullptr && column->type.value_or(Type::string) != Type::string;
    if (typed && at + 1 < pattern.size() && !std::holds_alternative<syntax::ParseText>(pattern[at + 1].node)) return std::nullopt;
    steps += column != nullptr ? 'k' : 's';
  }
  end_text();
  return steps;
}

/// One value with all pieces of a row's text, null where the pattern is not found.
ExprPtr pieces_of(const ExprPtr& text, const std::vector<syntax::ParsePart>& pattern, Kind kind, const std::string& regex,
                  SourceSpan span) {
  const std::optional<std::string> steps = kind == Kind::regex ? std::nullopt : steps_of(pattern);
  return plan::make_expr(plan::Call{"parse",
                                    {steps ? "wardian_cut_at_texts" : "wardian_cut_by_regex", nullptr},
                                    {text, constant_expr(Value{Type::string, steps.value_or(regex)}, span)}},
                         Type::dynamic, span);
}

ExprPtr piece_of(const ExprPtr& pieces, std::size_t which, SourceSpan span) {
  return plan::make_expr(plan::Call{"piece",
                                    {"wardian_cut_piece", nullptr},
                                    {pieces, constant_expr(Value{Type::int64, static_cast<std::int64_t>(which)}, span)}},
                         Type::string, span);
}

bool is_text(const syntax::ParsePart& part) { return std::holds_alternative<syntax::ParseText>(part.node); }

/// A star is followed by a text, a column too; where both ends of a cut are open nobody can tell where it lies.
Status check_order(const std::vector<syntax::ParsePart>& pattern) {
  std::set<std::string_view> names;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const syntax::ParsePart& part = pattern[at];
    const syntax::ParsePart* before = at > 0 ? &pattern[at - 1] : nullptr;
    if (std::holds_alternative<syntax::ParseStar>(part.node)) {
      if (at + 1 < pattern.size() && !is_text(pattern[at + 1])) {
        return error_at(ErrorCode::wrong_context, "A text in quotes is needed after *", part.span);
      }
      const auto* column = before != nullptr ? std::get_if<syntax::ParseColumn>(&before->node) : nullptr;
      if (column != nullptr && column->type.value_or(Type::string) == Type::string) {
        return error_at(ErrorCode::wrong_context, "Where the text before * ends cannot be told", part.span,
                        "Put a text in quotes between them, or give the column a type");
      }
    }
    const auto* column = std::get_if<syntax::ParseColumn>(&part.node);
    if (column == nullptr) continue;
    if (before != nullptr && !is_text(*before)) {
      return error_at(ErrorCode::wrong_context, "A text in quotes is needed before a column", part.span);
    }
    if (!names.insert(column->name.text).second) return duplicate_column(column->name);
  }
  return {};
}

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::ParseOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(const Kind kind, kind_of(node.parameters));
  std::string flags;
  if (const syntax::Parameter* given = syntax::find_parameter(node.parameters, "flags")) {
    const auto* word = std::get_if<syntax::Name>(&given->value.node);
    if (word == nullptr || word->text.find_first_not_of("imsU") != std::string::npos) {
      return error_at(ErrorCode::bad_argument, "The flags of a pattern are i, m, s and U", given->value.span);
    }
    flags = word->text;
    std::erase(flags, 's');
  }
  WARDIAN_ASSIGN(const ExprPtr text, text_source(binder, *node.source, site.rows()));
  WARDIAN_TRY(check_order(node.pattern));
  std::vector<Cut> cuts;
  const std::string pattern = regex_of(node.pattern, kind, flags, cuts);
  if (kind == Kind::regex) WARDIAN_TRY(check_pattern(pattern, node.pattern, site.keyword));

  // All pieces in one pass, then each by its place: an expression that is named twice may be computed twice.
  std::vector<plan::NamedExpr> columns = all_columns(*site.input);
  const std::size_t width = columns.size();
  columns.push_back({"#pieces", pieces_of(text, node.pattern, kind, pattern, site.keyword)});
  NodePtr cut = project(site.input, std::move(columns));
  const auto at_place = [&](std::size_t at) { return input_column(cut->schema, at, site.keyword); };

  columns.clear();
  for (std::size_t at = 0; at <= width; ++at) columns.push_back({cut->schema[at].name, at_place(at)});
  for (std::size_t at = 0; at < cuts.size(); ++at)
    columns.push_back({"#" + cuts[at].name, cast(piece_of(at_place(width), at, site.keyword), cuts[at].type)});
  cut = project(std::move(cut), std::move(columns));

  WARDIAN_ASSIGN(ExprPtr fits, binder.built_in("isnotnull", {at_place(width)}, site.keyword));
  bool only_pattern = true;  // no conversion can fail
  for (std::size_t at = 0; at < cuts.size(); ++at) {
    if (kind != Kind::simple || cuts[at].type == Type::string) continue;
    only_pattern = false;
    WARDIAN_ASSIGN(ExprPtr present, binder.built_in("isnotnull", {at_place(width + 1 + at)}, site.keyword));
    WARDIAN_ASSIGN(fits, binder.binary("and", std::move(fits), std::move(present), site.keyword, site.keyword));
  }
  columns.clear();
  for (std::size_t at = 0; at < width; ++at) columns.push_back({cut->schema[at].name, at_place(at)});
  for (std::size_t at = 0; at < cuts.size(); ++at) {
    ExprPtr value = at_place(width + 1 + at);
    if (!only_pattern) {  // one text that is no value of its type spoils the row's whole match
      value = when(fits, std::move(value), site.keyword);
    }
    set_column(columns, cuts[at].name, std::move(value));
  }
  if (node.drop_unmatched) {
    columnar::Schema schema = cut->schema;
    const bool serialized = cut->serialized;
    cut = plan::make_node(plan::Filter{std::move(cut), std::move(fits)}, std::move(schema), serialized);
  }
  return project(std::move(cut), std::move(columns));
}

}  // namespace wardian::kql

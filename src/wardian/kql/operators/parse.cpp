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
std::string_view typed_group(Type type) {
  switch (type) {
    case Type::int32:
    case Type::int64: return "([-+]?[0-9]+)";
    case Type::real:
    case Type::decimal: return "([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)";
    case Type::boolean: return "(true|false|True|False|0|1)";
    default: return "(.*)";
  }
}

struct Cut {
  std::string name;
  Type type;
};

/// The pattern as one regular expression, a group a column.
std::string regex_of(const std::vector<syntax::ParsePart>& pattern, Kind kind, const std::string& flags, std::vector<Cut>& cuts) {
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
                            cuts.push_back({column.name.text, type});
                            made += kind == Kind::regex ? typed_group(type) : last ? "(.*)" : "(.*?)";
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
  std::vector<Cut> cuts;
  const std::string pattern = regex_of(node.pattern, kind, flags, cuts);
  if (kind == Kind::regex) WARDIAN_TRY(check_pattern(pattern, node.pattern, site.keyword));

  std::vector<ExprPtr> values;
  ExprPtr fits = regex_found(text, pattern, site.keyword);
  bool only_pattern = true;  // no conversion can fail
  for (std::size_t at = 0; at < cuts.size(); ++at) {
    values.push_back(cast(regex_group(text, pattern, static_cast<int>(at) + 1, site.keyword), cuts[at].type));
    if (kind != Kind::simple || cuts[at].type == Type::string) continue;
    only_pattern = false;
    WARDIAN_ASSIGN(ExprPtr present, binder.built_in("isnotnull", {values.back()}, site.keyword));
    WARDIAN_ASSIGN(fits, binder.binary("and", std::move(fits), std::move(present), site.keyword, site.keyword));
  }
  std::vector<plan::NamedExpr> columns = all_columns(*site.input);
  for (std::size_t at = 0; at < cuts.size(); ++at) {
    ExprPtr value = values[at];
    if (!only_pattern) {  // one text that is no value of its type spoils the row's whole match
      value = when(fits, std::move(value), site.keyword);
    }
    set_column(columns, cuts[at].name, std::move(value));
  }
  NodePtr input = site.input;
  if (node.drop_unmatched) {
    columnar::Schema schema = input->schema;
    const bool serialized = input->serialized;
    input = plan::make_node(plan::Filter{std::move(input), std::move(fits)}, std::move(schema), serialized);
  }
  return project(std::move(input), std::move(columns));
}

}  // namespace wardian::kql

#include "wardian/kql/operators/text_pattern.h"
#include "wardian/sqltree/build.h"

namespace wardian::kql {
namespace {

namespace sql = sqltree;

struct Delimiters {
  std::string pair, key_value, quote, escape;
};

Result<Delimiters> delimiters_of(Binder& binder, const syntax::Parameters& properties, const Environment& env) {
  Delimiters made;
  for (const syntax::Parameter& property : properties) {
    if (property.name.text == "greedy") {
      const auto* word = std::get_if<syntax::Name>(&property.value.node);
      const auto* literal = std::get_if<syntax::Literal>(&property.value.node);
      const bool off = (word != nullptr && word->text == "false") ||
                       (literal != nullptr && literal->value.held == decltype(literal->value.held)(false));
      if (!off) return not_supported("parse-kv … greedy=true", property.name.span);
      continue;
    }
    WARDIAN_ASSIGN(std::string text, binder.constant_string(property.value, env));
    if (property.name.text == "pair_delimiter")
      made.pair = std::move(text);
    else if (property.name.text == "kv_delimiter")
      made.key_value = std::move(text);
    else if (property.name.text == "quote")
      made.quote = std::move(text);
    else if (property.name.text == "escape")
      made.escape = std::move(text);
    else
      return error_at(ErrorCode::bad_argument, "Unknown property: " + property.name.text, property.name.span);
  }
  return made;
}

/// Group 1: the value in quotes, still escaped; group 2: the value as it stands.
std::string pattern_for(const std::string& key, const Delimiters& delimiters) {
  const std::string other = "[^\\p{L}\\p{N}]";  // without a delimiter of its own any other character is one
  const std::string pair = delimiters.pair.empty() ? other : regex_quoted(delimiters.pair);
  const std::string between = delimiters.key_value.empty() ? other + "+" : "\\s*" + regex_quoted(delimiters.key_value) + "\\s*";
  const std::string open = regex_quoted(delimiters.quote);
  std::string made = "(?s)(?:^|" + pair + ")\\s*";
  const std::string name = regex_quoted(key);
  made += open.empty() ? name : "(?:" + open + name + open + "|" + name + ")";
  made += between;
  const std::string plain = delimiters.pair.empty() ? "([\\p{L}\\p{N}]*)" : "(.*?)\\s*(?:" + pair + "|$)";
  if (open.empty()) return made + "()" + plain;
  const std::string escape = regex_quoted(delimiters.escape);
  const std::string inside = escape.empty() ? "(?:[^" + open + "])*" : "(?:" + escape + ".|[^" + open + escape + "])*";
  return made + "(?:" + open + "(" + inside + ")" + open + "|" + plain + ")";
}

/// Takes the escape character away from before what it escapes.
sql::ExprPtr unescaped(const plan::CallSite& site) {
  return sql::call("regexp_replace", {site.arguments[0], site.arguments[1], sql::string("\\1"), sql::string("gs")});
}
sql::ExprPtr joined(const plan::CallSite& site) { return sql::binary("||", site.arguments[0], site.arguments[1]); }

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::ParseKvOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(const Delimiters delimiters, delimiters_of(binder, node.properties, site.env.without_rows()));
  WARDIAN_ASSIGN(const ExprPtr text, text_source(binder, *node.source, site.rows()));
  std::vector<plan::NamedExpr> columns = all_columns(*site.input);
  for (const syntax::SchemaColumn& key : node.keys.columns) {
    const std::string pattern = pattern_for(key.name.text, delimiters);
    const SourceSpan span = key.name.span;
    ExprPtr quoted = regex_group(text, pattern, 1, span);
    if (!delimiters.escape.empty()) {
      const std::string escapes = regex_quoted(delimiters.escape) + "(.)";
      quoted = plan::make_expr(
          plan::Call{"unescape", {"", &unescaped}, {std::move(quoted), constant_expr(Value{Type::string, escapes}, span)}},
          Type::string, span);
    }
    ExprPtr value = plan::make_expr(plan::Call{"strcat", {"", &joined}, {std::move(quoted), regex_group(text, pattern, 2, span)}},
                                    Type::string, span);
    set_column(columns, key.name.text, cast(std::move(value), key.type));
  }
  return project(site.input, std::move(columns));
}

}  // namespace wardian::kql

#include "wardian/kql/operators/text_pattern.h"
#include "wardian/sqltree/build.h"

namespace wardian::kql {
namespace {

namespace sql = sqltree;

/// An opening and a closing character, which may be the same.
struct Quotes {
  std::string open, close;
};
struct Properties {
  std::string pair, key_value;
  std::vector<Quotes> quotes;
  std::string escapes;  // each character is one
  std::string regex;
  bool greedy = false;
};

Result<Quotes> quotes_of(const std::string& text, SourceSpan span) {
  if (text.size() == 1) return Quotes{text, text};
  if (text.size() == 2) return Quotes{text.substr(0, 1), text.substr(1)};
  return error_at(ErrorCode::bad_argument, "One or two characters are needed here: the opening and the closing quote", span);
}

Result<Properties> properties_of(Binder& binder, const syntax::Parameters& given, const Environment& env) {
  Properties made;
  for (const syntax::Parameter& property : given) {
    const std::string& name = property.name.text;
    if (name == "greedy") {
      const auto* word = std::get_if<syntax::Name>(&property.value.node);
      const auto* literal = std::get_if<syntax::Literal>(&property.value.node);
      made.greedy = (word != nullptr && word->text == "true") ||
                    (literal != nullptr && literal->value.held == decltype(literal->value.held)(true));
      continue;
    }
    WARDIAN_ASSIGN(std::string text, binder.constant_string(property.value, env));
    if (name == "pair_delimiter") {
      made.pair = std::move(text);
    } else if (name == "kv_delimiter") {
      made.key_value = std::move(text);
    } else if (name == "quote") {
      WARDIAN_ASSIGN(Quotes quotes, quotes_of(text, property.value.span));
      made.quotes.push_back(std::move(quotes));
    } else if (name == "escape") {
      made.escapes += text;
    } else if (name == "regex") {
      made.regex = std::move(text);
    } else {
      return error_at(ErrorCode::bad_argument, "Unknown property: " + name, property.name.span);
    }
  }
  return made;
}

/// The groups are the value within each kind of quotes, still escaped, and last the value as it stands.
std::string pattern_for(const std::string& key, const Properties& properties) {
  const std::string other = "[^\\p{L}\\p{N}]";  // without a delimiter of its own any other character is one
  const std::string pair = properties.pair.empty() ? other : regex_quoted(properties.pair);
  // As few of them as will do: a quote is another character too.
  const std::string between = properties.key_value.empty() ? other + "+?" : "\\s*" + regex_quoted(properties.key_value) + "\\s*";
  std::string name = regex_quoted(key);
  std::string value;
  const std::string bare = name;
  for (const Quotes& quotes : properties.quotes) {
    const std::string open = regex_quoted(quotes.open), close = regex_quoted(quotes.close);
    name = open + bare + close + "|" + name;
    const std::string escapes = regex_quoted(properties.escapes);
    const std::string escaped = escapes.empty() ? "" : "[" + escapes + "].|";
    value += open + "((?:" + escaped + "[^" + close + escapes + "])*)" + close + "|";
  }
  if (properties.pair.empty()) {
    value += "([\\p{L}\\p{N}]+)";
  } else {
    std::string end = pair;
    if (properties.greedy && !properties.key_value.empty()) {
      // What looks like the next key: no delimiter begins within it.
      const std::string outside = "[^" + regex_quoted(properties.pair.substr(0, 1) + properties.key_value.substr(0, 1)) + "]+";
      end += "\\s*" + outside + regex_quoted(properties.key_value);
    }
    value += "(.*?)\\s*(?:" + end + "|$)";
  }
  return "(?s)(?:^|" + pair + ")\\s*(?:" + name + ")" + between + "(?:" + value + ")";
}

/// The value beside the key among all matches of a pattern with two groups.
Result<ExprPtr> value_by_regex(Binder& binder, const ExprPtr& text, const std::string& regex, const std::string& key,
                               SourceSpan span) {
  std::vector<ExprPtr> arguments = {constant_expr(Value{Type::string, regex}, span), text};
  WARDIAN_ASSIGN(ExprPtr pairs, binder.built_in("extract_all", std::move(arguments), span));
  return plan::make_expr(
      plan::Call{
          "value_of_key", {"wardian_value_of_key", nullptr}, {std::move(pairs), constant_expr(Value{Type::string, key}, span)}},
      Type::string, span);
}

/// Takes the escape character away from before what it escapes.
sql::ExprPtr unescaped(const plan::CallSite& site) {
  return sql::call("regexp_replace", {site.arguments[0], site.arguments[1], sql::string("\\1"), sql::string("gs")});
}
sql::ExprPtr joined(const plan::CallSite& site) {
  return sql::call("concat", std::vector<sql::ExprPtr>(site.arguments.begin(), site.arguments.end()));
}

/// Only one of the groups is in the match; the others are empty.
ExprPtr value_by_delimiters(const ExprPtr& text, const std::string& key, const Properties& properties, SourceSpan span) {
  const std::string pattern = pattern_for(key, properties);
  const int quoted = static_cast<int>(properties.quotes.size());
  std::vector<ExprPtr> parts;
  for (int group = 1; group <= quoted + 1; ++group) {
    ExprPtr part = regex_group(text, pattern, group, span);
    if (group <= quoted && !properties.escapes.empty()) {
      ExprPtr escapes = constant_expr(Value{Type::string, "[" + regex_quoted(properties.escapes) + "](.)"}, span);
      part = plan::make_expr(plan::Call{"unescape", {"", &unescaped}, {std::move(part), std::move(escapes)}}, Type::string, span);
    }
    parts.push_back(std::move(part));
  }
  if (parts.size() == 1) return parts.front();
  return plan::make_expr(plan::Call{"strcat", {"", &joined}, std::move(parts)}, Type::string, span);
}

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::ParseKvOperator& node, const OperatorSite& site) {
  WARDIAN_ASSIGN(const Properties properties, properties_of(binder, node.properties, site.env.without_rows()));
  WARDIAN_ASSIGN(const ExprPtr text, text_source(binder, *node.source, site.rows()));
  std::vector<plan::NamedExpr> columns = all_columns(*site.input);
  for (const syntax::SchemaColumn& key : node.keys.columns) {
    ExprPtr value;
    if (properties.regex.empty()) {
      value = value_by_delimiters(text, key.name.text, properties, key.name.span);
    } else {
      WARDIAN_ASSIGN(value, value_by_regex(binder, text, properties.regex, key.name.text, key.name.span));
    }
    set_column(columns, key.name.text, cast(std::move(value), key.type));
  }
  return project(site.input, std::move(columns));
}

}  // namespace wardian::kql

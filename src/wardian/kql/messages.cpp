#include <algorithm>
#include <array>

#include "wardian/base/similar_name.h"
#include "wardian/kql/binder.h"

namespace wardian::kql {

Error error_at(ErrorCode code, std::string message, SourceSpan span, std::string hint) {
  return Error{code, std::move(message), span, std::move(hint)};
}

namespace {

bool is_null_word(std::string_view name) {
  constexpr auto kWords = std::to_array<std::string_view>({"NULL", "None", "Null", "nil", "none", "null"});
  return std::ranges::find(kWords, name) != kWords.end();
}

}  // namespace

std::string conversion_hint(Type wanted) {
  switch (wanted) {
    case Type::boolean: return "Compare the value with something, or use tobool(…)";
    case Type::timespan: return "Timespans are written 1d, 3h, 10m; totimespan(…) reads text";
    case Type::datetime: return "Datetimes are written datetime(2024-03-31); todatetime(…) reads text";
    case Type::string: return "tostring(…) makes text of a value";
    default: return {};
  }
}

Error unknown_name(std::string_view name, SourceSpan span, const Environment& env) {
  if ((env.columns != nullptr && is_open(*env.columns)) || (env.right != nullptr && is_open(*env.right)) ||
      (env.scope && env.scope->is_unreadable())) {
    return told();
  }
  std::vector<std::string> names;
  if (env.columns != nullptr) {
    for (const columnar::Column& column : *env.columns) names.push_back(column.name);
  }
  if (env.scope) env.scope->for_each([&](std::string_view visible, const Meaning&) { names.emplace_back(visible); });
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  std::string hint = did_you_mean(name, candidates);
  if (is_null_word(name)) hint = "Use isnull(x), isempty(x) or isnotnull(x); a null value is written long(null)";
  if (name == "nan" || name == "NaN" || name == "inf" || name == "Infinity")
    hint = "Written real(nan), real(+inf) and real(-inf)";
  if (!name.empty() && name.front() >= '0' && name.front() <= '9')
    hint = "Neither a number nor a timespan; timespans add up: 1d + 30m";
  return error_at(ErrorCode::unknown_name, "Unknown column or variable: " + std::string(name), span, std::move(hint));
}

Error wrong_type(Type wanted, Type found, SourceSpan span) {
  return error_at(ErrorCode::type_mismatch,
                  "A value of type " + std::string(columnar::type_name(wanted)) + " is needed here, not " +
                      std::string(columnar::type_name(found)),
                  span, conversion_hint(wanted));
}

Error table_expected(SourceSpan span) {
  return error_at(ErrorCode::wrong_context, "A table is needed here, not a scalar", span,
                  "print makes a table of values: print x = …");
}

Error graph_unexpected(SourceSpan span) {
  return error_at(ErrorCode::wrong_context, "A table is needed here, not a graph", span,
                  "graph-match … project gives rows of a graph, graph-to-table its nodes or edges");
}

Error declared_already(const syntax::Identifier& name) {
  return error_at(ErrorCode::duplicate_name, "There is a variable of that name already: " + name.text, name.span,
                  "Give each `let` a name of its own");
}

Error scalar_expected(SourceSpan span) {
  return error_at(ErrorCode::wrong_context, "A scalar is needed here, not a table", span,
                  "toscalar(…) takes the first value of a table");
}

Error one_result_expected(SourceSpan span) {
  return error_at(ErrorCode::wrong_context, "One value is needed here, and the function gives several", span,
                  "Give them names first: extend (a, b) = f(…); or take one by its place: f(…)[0]");
}

Error one_name_too_many(const columnar::Schema& results, SourceSpan span) {
  return error_at(ErrorCode::wrong_context,
                  "The function has " + std::to_string(results.size()) + " results, and here is a name for one more", span);
}

Error not_supported(std::string_view what, SourceSpan span) {
  return error_at(ErrorCode::not_supported, "Not supported by this version: " + std::string(what), span);
}

Error star_refused(SourceSpan span) { return error_at(ErrorCode::wrong_context, "The columns * have no place here", span); }

Error constant_expected(SourceSpan span) {
  return error_at(ErrorCode::not_constant, "A constant is needed here", span, "The value may not depend on the columns of a row");
}

Error too_large(const plan::Extent& extent, SourceSpan span) {
  if (extent.depth > plan::Extent::kDepthMax) {
    return error_at(ErrorCode::too_deep,
                    "The query is too long a chain of steps: more than " + std::to_string(plan::Extent::kDepthMax), span,
                    "Split it into several queries");
  }
  return error_at(ErrorCode::too_deep, "The query is too large once its variables are written out", span,
                  "materialize(…) computes a table once, toscalar(…) a value");
}

Error external_files_refused(std::string_view what, SourceSpan span) {
  return error_at(ErrorCode::access_denied, "This request may not read files of its own: " + std::string(what), span,
                  "Import the file, or allow local files with --allow-external-files");
}

Error wrong_count(std::string_view function, std::string expected, std::size_t given, SourceSpan span) {
  return error_at(ErrorCode::argument_count,
                  std::string(function) + "() takes " + std::move(expected) + ", not " + std::to_string(given), span);
}

}  // namespace wardian::kql

#include "wardian/kql/bind_name.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "wardian/kql/binder.h"

namespace wardian::kql {
namespace {

// The lists are those of the language's own service: which functions name their result after the first argument.
constexpr auto kKeepsName = std::to_array<std::string_view>({
    "abs",
    "acos",
    "asin",
    "atan",
    "atan2",
    "bin",
    "bin_at",
    "bin_auto",
    "binary_and",
    "binary_not",
    "binary_or",
    "binary_shift_left",
    "binary_shift_right",
    "binary_xor",
    "bitset_count_ones",
    "ceiling",
    "cos",
    "erf",
    "erfc",
    "exp",
    "exp10",
    "exp2",
    "floor",
    "format_bytes",
    "format_datetime",
    "format_timespan",
    "gamma",
    "log",
    "log10",
    "log2",
    "loggamma",
    "parse_csv",
    "parse_json",
    "parse_xml",
    "parsejson",
    "pow",
    "rand",
    "round",
    "series_fill_backward",
    "series_fill_const",
    "series_fill_forward",
    "series_fill_linear",
    "series_fir",
    "series_iir",
    "series_outliers",
    "sin",
    "split",
    "sqrt",
    "startofday",
    "tan",
    "tobool",
    "toboolean",
    "todatetime",
    "todecimal",
    "todouble",
    "todynamic",
    "toguid",
    "tohex",
    "toint",
    "tolong",
    "toobject",
    "toreal",
    "tostring",
    "totime",
    "totimespan",
});
struct Prefix {
  std::string_view function, prefix;
};
constexpr auto kPrefixes = std::to_array<Prefix>({
    {"dcount_hll", "dcount_hll_"},
    {"gettype", "type_"},
    {"percentile_tdigest", "percentile_tdigest_"},
    {"percentiles_array_tdigest", "percentile_tdigest_"},
    {"repeat", "repeat_"},
    {"string_size", "string_size_"},
    {"strlen", "strlen_"},
    {"treepath", "tree_"},
});

bool is_array_sort(const syntax::Call& call) {
  return call.function.text == "array_sort_asc" || call.function.text == "array_sort_desc";
}

/// d_x, and x alone of a source without a name.
std::string of_part(const std::optional<std::string>& source, const std::string& part) {
  return source ? *source + "_" + part : part;
}

std::optional<std::string> of_index(const syntax::Index& index) {
  const auto source = name_within(*index.source);
  const auto* literal = std::get_if<syntax::Literal>(&index.index->node);
  if (literal != nullptr) {
    if (const auto* text = std::get_if<std::string>(&literal->value.held)) return of_part(source, *text);
    if (const auto* whole = std::get_if<std::int64_t>(&literal->value.held)) return of_part(source, std::to_string(*whole));
  }
  return source ? std::optional(*source + "_") : std::nullopt;
}

/// max_a, count_, percentile_a_50.
std::string of_aggregate(const syntax::Call& call) {
  const std::string_view function = call.function.text;
  std::string name = Binder::aggregate_column_name(function);
  if (!name.empty() && !name.ends_with('_')) return name;
  const auto add = [&](std::size_t at) { name += name_within(call.arguments[at]).value_or(""); };
  if (!call.arguments.empty()) add(0);
  if (call.arguments.size() > 1 && function.starts_with("covariance")) {
    name += '_';
    add(1);
  }
  if (call.arguments.size() > 1 && (function == "percentile" || function == "percentilew")) {
    const auto* literal = std::get_if<syntax::Literal>(&call.arguments.back().node);
    name += "_" + (literal == nullptr ? "" : percent_name(literal->value));
  }
  return name;
}

/// Aggregates that may give several columns: within another function they have no name.
bool gives_columns(const syntax::Expr& expr) {
  static constexpr auto kNames =
      std::to_array<std::string_view>({"arg_max", "arg_min", "argmax", "argmin", "percentile", "percentiles", "percentiles_array",
                                       "percentilesw", "percentilesw_array", "percentilew", "take_any"});
  const auto* call = std::get_if<syntax::Call>(&expr.node);
  return call != nullptr && std::ranges::binary_search(kNames, std::string_view(call->function.text));
}

std::optional<std::string> of_call(const syntax::Call& call) {
  const std::string_view name = call.function.text;
  // As scalar functions, of several sketches, these are called otherwise than as aggregates.
  if (call.arguments.size() > 1 && name == "hll_merge") return "hll_merged_result";
  if (call.arguments.size() > 1 && (name == "merge_tdigest" || name == "tdigest_merge")) return "tdigests_merge_result";
  if (name == "ingestion_time") return "$IngestionTime";
  if (call.arguments.empty()) return Binder::is_aggregate(name) ? std::optional(of_aggregate(call)) : std::nullopt;
  const bool one_argument = name == "make_datetime" || name == "make_timespan";
  if (std::ranges::binary_search(kKeepsName, name) || (one_argument && call.arguments.size() == 1)) {
    return gives_columns(call.arguments.front()) ? std::nullopt : name_within(call.arguments.front());
  }
  if (is_array_sort(call)) {
    const auto first = name_within(call.arguments.front());
    return first.value_or("array0") + "_sorted";
  }
  if (Binder::is_aggregate(name)) return of_aggregate(call);
  for (const Prefix& row : kPrefixes) {
    if (row.function == name) return std::string(row.prefix) + name_within(call.arguments.front()).value_or("");
  }
  return std::nullopt;
}

}  // namespace

std::string percent_name(const columnar::Value& percent) {
  if (const auto* whole = std::get_if<std::int64_t>(&percent.held)) return std::to_string(*whole);
  const auto* decimal = percent.type == columnar::Type::decimal ? std::get_if<std::string>(&percent.held) : nullptr;
  if (decimal != nullptr) {
    std::string made = *decimal;
    std::ranges::replace(made, '.', '_');
    return made;
  }
  const auto* real = std::get_if<double>(&percent.held);
  if (real == nullptr) return {};
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, *real).ptr;
  std::string made(text, end);
  std::ranges::replace(made, '.', '_');
  return made;
}

std::optional<std::string> name_within(const syntax::Expr& expr) {
  const auto* call = std::get_if<syntax::Call>(&expr.node);
  return call != nullptr && is_array_sort(*call) ? std::nullopt : derived_name(expr);
}

std::optional<std::string> derived_name(const syntax::Expr& expr) {
  if (const auto* name = std::get_if<syntax::Name>(&expr.node)) return name->text;
  if (const auto* named = std::get_if<syntax::Named>(&expr.node)) return named->names.front().text;
  if (const auto* member = std::get_if<syntax::Member>(&expr.node)) {
    if (const auto* side = std::get_if<syntax::Name>(&member->source->node); side && side->text.starts_with('$')) {
      return member->member.text;
    }
    return of_part(name_within(*member->source), member->member.text);
  }
  if (const auto* index = std::get_if<syntax::Index>(&expr.node)) return of_index(*index);
  if (const auto* call = std::get_if<syntax::Call>(&expr.node)) return of_call(*call);
  return std::nullopt;
}

Result<std::string> ColumnNames::claim(const syntax::Identifier& name) {
  if (claimed_.insert(name.text).second) return free_name(name.text);
  return duplicate_column(name);
}

Error duplicate_column(const syntax::Identifier& name) {
  return {ErrorCode::duplicate_name, "There is a column of that name already: " + name.text, name.span, {}};
}

std::string ColumnNames::free_name(std::string name) {
  std::string made = name;
  for (int number = 1; !taken_.insert(made).second; ++number) made = name + std::to_string(number);
  return made;
}

void ColumnNames::count_from(const columnar::Schema& rows) {
  while (columnar::find_column(rows, "Column" + std::to_string(unnamed_ + 1))) ++unnamed_;
}

std::string ColumnNames::generated(const syntax::Expr& expr) {
  if (auto derived = derived_name(expr)) return free_name(std::move(*derived));
  std::string made;
  do {
    made = "Column" + std::to_string(++unnamed_);
  } while (taken(made));
  return free_name(std::move(made));
}

}  // namespace wardian::kql

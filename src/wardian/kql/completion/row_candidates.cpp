#include "wardian/kql/completion/row_candidates.h"

#include <algorithm>
#include <array>

#include "wardian/kql/bind_functions.h"
#include "wardian/kql/completion/operator_words.h"
#include "wardian/kql/function_table.h"
#include "wardian/kql/operator_table.h"
#include "wardian/kql/operators/join.h"
#include "wardian/kql/operators/operator_rows.h"
#include "wardian/kql/operators/render.h"
#include "wardian/kql/plugins/plugin.h"
#include "wardian/kql/request_properties.h"
#include "wardian/kql/signature.h"
#include "wardian/kql/syntax/query_parser.h"

namespace wardian::kql {
namespace {

bool is_name(std::string_view text) {
  const auto fits = [](char c) { return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'); };
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::ranges::all_of(text, fits);
}

Candidate call(CandidateKind kind, std::string_view name, std::string_view signature, std::string_view summary) {
  std::string detail(signature);
  if (!summary.empty()) detail += (detail.empty() ? "" : "  ") + std::string(summary);
  return {kind, std::string(name), std::string(name) + (signature.starts_with("()") ? "()" : "("), std::move(detail)};
}

template <class Rows>
void add_rows(Candidates& to, CandidateKind kind, const Rows& rows) {
  for (const auto& row : rows)
    if (is_name(row.name)) to.push_back(call(kind, row.name, row.signature, row.summary));
}

void in_order(Candidates& to, std::size_t from) {
  const auto begin = to.begin() + static_cast<std::ptrdiff_t>(from);
  std::stable_sort(begin, to.end(), [](const Candidate& a, const Candidate& b) { return a.label < b.label; });
  to.erase(std::unique(begin, to.end(), [](const Candidate& a, const Candidate& b) { return a.label == b.label; }), to.end());
}

void add_values(Candidates& to, std::span<const std::string_view> values, std::string_view detail, std::string_view behind = {}) {
  for (const std::string_view value : values)
    to.push_back({CandidateKind::value, std::string(value), std::string(value) + std::string(behind), std::string(detail)});
}

/// Whether a row of the operator takes the type on its left.
bool takes(std::string_view op, columnar::Type type) {
  const std::array families = {arithmetic_operators(), comparison_operators(), string_operators(), membership_operators(),
                               logical_operators()};
  bool known = false;
  for (const auto& family : families) {
    for (const KqlOperator& row : family) {
      if (row.op != op) continue;
      known = true;
      const auto signature = parse_signature(row.signature);
      if (signature.ok() && !signature->parameters.empty() && signature->parameters.front().type.accepts(type)) return true;
    }
  }
  return !known;
}

struct Hint {
  std::string_view name;
  std::array<std::string_view, 5> operators;
  std::string_view detail;
  std::array<std::string_view, 4> values;
};
// The binder takes any hint and heeds few; these are those of the language's pages of the operators.
constexpr auto kHints = std::to_array<Hint>({
    {"hint.batches", {"evaluate"}, "How many rows a script is given at a time.", {}},
    {"hint.concurrency", {"fork", "partition", "union"}, "How many parts run at a time.", {}},
    {"hint.distribution", {"evaluate"}, "How the table is handed to the plugin.", {"auto", "per_node", "per_shard", "single"}},
    {"hint.materialized", {"as", "partition"}, "Whether the table is computed once.", {"false", "true"}},
    {"hint.num_partitions", {"join", "summarize"}, "Into how many parts the keys are dealt.", {}},
    {"hint.pass_filters", {"evaluate"}, "Whether filters behind the plugin go before it.", {"false", "true"}},
    {"hint.pass_filters_column", {"evaluate"}, "Whose filters go before the plugin.", {}},
    {"hint.remote", {"evaluate", "join"}, "Where the operator runs.", {"auto", "left", "local", "right"}},
    {"hint.shufflekey", {"join", "make-series", "partition", "summarize"}, "The key by which rows are dealt.", {}},
    {"hint.spread", {"partition", "union"}, "Over how many nodes the parts are dealt.", {}},
    {"hint.strategy",
     {"distinct", "join", "make-series", "partition", "summarize"},
     "How the operator is computed.",
     {"broadcast", "legacy", "native", "shuffle"}},
});
static_assert(std::ranges::is_sorted(kHints, {}, &Hint::name));

}  // namespace

std::string written(std::string_view name) {
  if (is_name(name)) return std::string(name);
  std::string out = "['";
  for (const char c : name) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "']";
}

void add_functions(Candidates& to) {
  static const Candidates kFunctions = [] {
    Candidates made;
    for (const auto family : function_families()) add_rows(made, CandidateKind::function, family);
    add_rows(made, CandidateKind::function, window_functions());
    for (const auto family : binder_function_families()) {
      for (const BinderFunction& row : family) {
        if (!is_name(row.name)) continue;
        made.push_back(call(CandidateKind::function, row.name, {}, row.summary));
        made.back().detail = std::string(row.usage) + "  " + std::string(row.summary);
        if (row.usage.ends_with("()")) made.back().insert += ')';
      }
    }
    in_order(made, 0);
    return made;
  }();
  to.insert(to.end(), kFunctions.begin(), kFunctions.end());
}

void add_aggregates(Candidates& to) {
  const std::size_t from = to.size();
  for (const auto family : aggregate_families()) add_rows(to, CandidateKind::aggregate, family);
  in_order(to, from);
}

bool is_aggregate_name(std::string_view name) {
  for (const auto family : aggregate_families())
    if (std::ranges::find(family, name, &KqlAggregate::name) != family.end()) return true;
  return false;
}

void add_plugins(Candidates& to) {
  const std::size_t from = to.size();
  for (const Plugin& plugin : plugins()) to.push_back(call(CandidateKind::plugin, plugin.name, plugin.signature, plugin.summary));
  in_order(to, from);
}

void add_tabular_operators(Candidates& to, bool piped) {
  for (const OperatorRow& row : tabular_operators()) {
    const auto place = syntax::QueryParser::place_of(row.name);
    if (piped ? !place.piped : !place.source) continue;
    const bool alone = row.syntax.ends_with(row.name);
    to.push_back({CandidateKind::tabular_operator, std::string(row.name), std::string(row.name) + (alone ? "" : " "),
                  std::string(row.summary)});
  }
}

void add_scalar_operators(Candidates& to, std::optional<columnar::Type> operand) {
  for (const OperatorRow& row : scalar_operators()) {
    if (operand && !takes(row.name, *operand)) continue;
    const bool bracket = row.syntax.find(std::string(row.name) + " (") != std::string_view::npos;
    to.push_back({CandidateKind::scalar_operator, std::string(row.name), std::string(row.name) + (bracket ? " (" : " "),
                  std::string(row.summary)});
  }
}

void add_statements(Candidates& to) {
  for (const OperatorRow& row : statements())
    to.push_back({CandidateKind::statement, std::string(row.name), std::string(row.name) + " ", std::string(row.summary)});
}

void add_types(Candidates& to) {
  using enum columnar::Type;
  for (const columnar::Type type : {boolean, datetime, decimal, dynamic, guid, int32, int64, real, string, timespan}) {
    const std::string name(columnar::type_name(type));
    to.push_back({CandidateKind::type, name, name, {}});
  }
}

void add_columns(Candidates& to, const columnar::Schema& columns) {
  for (const columnar::Column& column : columns)
    to.push_back({CandidateKind::column, column.name, written(column.name), std::string(columnar::type_name(column.type))});
}

void add_names(Candidates& to, const std::vector<DeclaredName>& names) {
  for (const DeclaredName& one : names) {
    using Kind = DeclaredName::Kind;
    const CandidateKind kind = one.kind == Kind::function ? CandidateKind::function
                               : one.kind == Kind::table  ? CandidateKind::table
                                                          : CandidateKind::variable;
    to.push_back({kind, one.name, written(one.name) + (one.kind == Kind::function ? "(" : ""), one.detail});
  }
}

void add_tables(Candidates& to, const BindContext& context) {
  if (context.tables == nullptr) return;
  for (const std::string& name : context.tables->table_names({})) {
    const auto found = context.tables->find({}, name);
    std::string detail;
    if (found.ok() && *found) {
      constexpr std::size_t kShown = 8;
      const columnar::Schema& schema = (**found)->schema;
      for (std::size_t at = 0; at < std::min(kShown, schema.size()); ++at)
        detail += (at == 0 ? "" : ", ") + schema[at].name + ":" + std::string(columnar::type_name(schema[at].type));
      if (schema.size() > kShown) detail += ", …";
    }
    to.push_back({CandidateKind::table, name, written(name), std::move(detail)});
  }
  for (const std::string& name : context.tables->function_names({})) {
    const auto found = context.tables->function({}, name);
    const std::string parameters = found.ok() && *found ? (*found)->parameters : std::string("()");
    to.push_back({CandidateKind::function, name, written(name) + (parameters == "()" ? "()" : "("), name + parameters});
  }
}

void add_chart_kinds(Candidates& to) { add_values(to, chart_kinds(), "a kind of chart"); }

void add_chart_properties(Candidates& to) {
  for (const std::string_view name : chart_properties())
    to.push_back({CandidateKind::parameter, std::string(name) + "=", std::string(name) + "=", "a property of the chart"});
}

void add_join_kinds(Candidates& to) { add_values(to, join_kinds(), "a kind of join"); }

void add_request_properties(Candidates& to) {
  for (const RequestProperty& property : request_properties())
    to.push_back({CandidateKind::parameter, std::string(property.name), std::string(property.name), std::string(property.type)});
}

void add_hints(Candidates& to, std::string_view name) {
  for (const Hint& hint : kHints) {
    if (std::ranges::find(hint.operators, name) == hint.operators.end()) continue;
    to.push_back(
        {CandidateKind::parameter, std::string(hint.name) + "=", std::string(hint.name) + "=", std::string(hint.detail)});
  }
}

void add_parameter_values(Candidates& to, std::string_view name, std::string_view parameter) {
  if ((name == "join" || name == "lookup") && parameter == "kind") return add_join_kinds(to);
  if (name == "render" && parameter == "kind") {
    constexpr std::array<std::string_view, 5> kKinds = {"default", "map", "stacked", "stacked100", "unstacked"};
    return add_values(to, kKinds, "how series share the chart");
  }
  for (const Hint& hint : kHints) {
    if (hint.name != parameter) continue;
    for (const std::string_view value : hint.values)
      if (!value.empty()) to.push_back({CandidateKind::value, std::string(value), std::string(value), std::string(hint.detail)});
  }
  for (const OperatorItem& item : operator_items(name)) {
    if (item.kind != OperatorItem::Kind::parameter || item.text != parameter) continue;
    for (const std::string& value : item.values) to.push_back({CandidateKind::value, value, value, "a value of " + item.text});
  }
}

}  // namespace wardian::kql

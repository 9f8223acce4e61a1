#include <algorithm>
#include <array>

#include "wardian/base/similar_name.h"
#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

/// A plugin is a stage; each is bound by a file of its own.
OperatorResult bind_bag_unpack(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site);
OperatorResult bind_dcount_intersect(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site);
OperatorResult bind_python(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site);

namespace {

using BindPlugin = OperatorResult (*)(Binder&, const syntax::EvaluateOperator&, const OperatorSite&);

struct Plugin {
  std::string_view name;
  BindPlugin bind = nullptr;  // null: known to the language, not to this version
};

/// Source: the language's reference, "evaluate plugin operator".
constexpr auto kPlugins = std::to_array<Plugin>({
    {"active_users_count"},
    {"activity_counts_metrics"},
    {"activity_engagement"},
    {"activity_metrics"},
    {"ai_chat_completion"},
    {"ai_embeddings"},
    {"autocluster"},
    {"azure_digital_twins_query_request"},
    {"bag_unpack", &bind_bag_unpack},
    {"basket"},
    {"cosmosdb_sql_request"},
    {"dcount_intersect", &bind_dcount_intersect},
    {"diffpatterns"},
    {"diffpatterns_text"},
    {"funnel_sequence"},
    {"funnel_sequence_completion"},
    {"geo_line_lookup"},
    {"geo_polygon_lookup"},
    {"http_request"},
    {"http_request_post"},
    {"infer_storage_schema"},
    {"infer_storage_schema_with_suggestions"},
    {"ipv4_lookup"},
    {"ipv6_lookup"},
    {"mysql_request"},
    {"narrow"},
    {"new_activity_metrics"},
    {"pivot"},
    {"postgresql_request"},
    {"preview"},
    {"python", &bind_python},
    {"R"},
    {"rolling_percentile"},
    {"rows_near"},
    {"schema_merge"},
    {"sequence_detect"},
    {"session_count"},
    {"sliding_window_counts"},
    {"sql_request"},
    {"user_property_counts"},
});

/// Of the same page, but for the first, which is ours. Those after the second tell a cluster how to share the work, and change nothing
/// here.
constexpr std::array<std::string_view, 5> kHints = {"hint.batches", "hint.distribution", "hint.pass_filters",
                                                    "hint.pass_filters_column", "hint.remote"};

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site) {
  const syntax::Identifier& name = node.plugin.function;
  const auto* const row = std::ranges::find(kPlugins, name.text, &Plugin::name);
  if (row == kPlugins.end()) {
    std::vector<std::string_view> names;
    for (const Plugin& plugin : kPlugins) names.push_back(plugin.name);
    return error_at(ErrorCode::unknown_function, "Unknown plugin: " + name.text, name.span, did_you_mean(name.text, names));
  }
  if (row->bind == nullptr) return not_supported("plugin " + name.text, name.span);
  if (site.input == nullptr) {
    return error_at(ErrorCode::wrong_context, "Nothing is piped into the plugin: " + name.text, name.span,
                    "Pipe a table into it: print x = 1 | evaluate …");
  }
  for (const syntax::Parameter& hint : node.parameters) {
    if (std::ranges::find(kHints, hint.name.text) == kHints.end()) {
      const std::string near = did_you_mean(hint.name.text, kHints);
      return error_at(
          ErrorCode::bad_argument, "evaluate has no hint of that name: " + hint.name.text, hint.name.span,
          near.empty() ? "Its hints are hint.batches, hint.distribution, hint.pass_filters, hint.pass_filters_column, hint.remote"
                       : near);
    }
  }
  return row->bind(binder, node, site);
}

}  // namespace wardian::kql

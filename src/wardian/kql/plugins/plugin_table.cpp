#include "wardian/kql/plugins/plugin_table.h"

#include <algorithm>
#include <array>

namespace wardian::kql {

// These read the call by themselves.
OperatorResult bind_dcount_intersect(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site);
OperatorResult bind_geo_line_lookup(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site);
OperatorResult bind_geo_polygon_lookup(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site);
OperatorResult bind_ipv4_lookup(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site);
OperatorResult bind_ipv6_lookup(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site);
OperatorResult bind_python(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site);

namespace {

template <auto bind>
OperatorResult as_written(Binder& binder, const PluginCall& call) {
  return bind(binder, call.node, call.site);
}

/// Source: the language's reference, "evaluate plugin operator" and the pages of the plugins.
constexpr auto kPlugins = std::to_array<Plugin>({
    {"active_users_count",
     "(IdColumn: not_dynamic column, TimelineColumn: summable column, Start: summable, End: summable, LookbackWindow: summable, "
     "Period: period, ActivePeriodsCount: number, Bin: period, Dimension: not_dynamic column*)",
     "Counts the ids of each step that were there in enough periods of a window before.", &bind_active_users_count},
    {"activity_counts_metrics",
     "(IdColumn: not_dynamic column, TimelineColumn: summable column, Start: summable, End: summable, Step: period, "
     "Dimension: not_dynamic column*)",
     "Counts rows, ids, new ids and all ids so far, step by step.", &bind_activity_counts_metrics},
    {"activity_engagement",
     "(IdColumn: not_dynamic column, TimelineColumn: summable column, InnerActivityWindow: summable, OuterActivityWindow: "
     "summable)",
     "The ids of each inner window as a part of those of the outer window that ends with it.", &bind_activity_engagement},
    {"activity_engagement",
     "(IdColumn: not_dynamic column, TimelineColumn: summable column, Start: summable, End: summable, InnerActivityWindow: "
     "summable, "
     "OuterActivityWindow: summable, Dimension: not_dynamic column*)",
     "The ids of each inner window as a part of those of the outer window that ends with it.", &bind_activity_engagement},
    {"activity_metrics", "(IdColumn: column, TimelineColumn: summable column, Step: period)",
     "Compares the ids of each step with those of the step before.", &bind_activity_metrics},
    {"activity_metrics",
     "(IdColumn: column, TimelineColumn: summable column, Start: summable, End: summable, Step: period, "
     "Dimension: not_dynamic column*)",
     "Compares the ids of each step with those of the step before.", &bind_activity_metrics},
    {"ai_chat_completion", "(Prompt: array row, ConnectionString: string, Options: bag?, IncludeErrorMessages: bool?)",
     "Asks a language model; not here.", &bind_service_plugin},
    {"ai_chat_completion_prompt", "(Prompt: string row, ConnectionString: string, Options: bag?, IncludeErrorMessages: bool?)",
     "Asks a language model; not here.", &bind_service_plugin},
    {"ai_embed_text", "(Text: row, ConnectionString: string, Options: bag?, IncludeErrorMessages: bool?)",
     "Asks a language model; not here.", &bind_service_plugin},
    {"ai_embeddings", "(Text: row, ConnectionString: string, Options: bag?, IncludeErrorMessages: bool?)",
     "Asks a language model; not here.", &bind_service_plugin},
    {"autocluster", "(SizeWeight: real~, WeightColumn: column~, NumSeeds: integer~, CustomWildcard*)",
     "A few patterns of values that say much of many rows.", &bind_autocluster},
    {"azure_digital_twins_query_request", "(endpoint: string, sql_query: string)",
     "Asks an Azure Digital Twins instance; not here.", &bind_service_plugin, true},
    {"bag_unpack", "(column: dynamic column, OutputColumnPrefix: string?, columnsConflict: string?, ignoredProperties: dynamic?)",
     "The properties of a column of bags as columns of their own.", &bind_bag_unpack, false, true},
    {"basket", "(Threshold: real~, WeightColumn: column~, MaxDimensions: integer~, CustomWildcard*)",
     "The patterns of values that are frequent.", &bind_basket},
    {"cosmosdb_sql_request", "(connection_string: string, sql_query: string, sql_parameters: bag?, options: bag?)",
     "Asks an Azure Cosmos DB account; not here.", &bind_service_plugin, true},
    {"csharp", "(OutputSchema: schema, Script: string, Arguments: bag?)", "Runs a script of C#; not here.", &bind_service_plugin},
    {"dax_request", "(connection_string: string, dax_query: string, dax_parameters: bag?, options: bag?)",
     "Asks an Analysis Services server; not here.", &bind_service_plugin, true},
    {"dcount_intersect", "", "How many different values the first of several sketches, the first two, … have in common.",
     &as_written<&bind_dcount_intersect>},
    {"diffpatterns",
     "(SplitColumn: column, SplitValueA: string, SplitValueB: string, WeightColumn: column~, Threshold: real~, MaxDimensions: "
     "integer~, CustomWildcard*)",
     "Patterns of values that two parts of the rows have more or less often.", &bind_diffpatterns},
    {"diffpatterns_text",
     "(TextColumn: string column, BooleanCondition: bool row, MinTokens: integer~, Threshold: real~, MaxTokens: integer~)",
     "Runs of words that two parts of the rows have more or less often.", &bind_diffpatterns_text},
    {"estimate_rows_count", "()", "How many rows the table has.", &bind_estimate_rows_count},
    {"execute_query", "(connection_string: string, query: string)", "Asks a Kusto cluster; not here.", &bind_service_plugin,
     true},
    {"execute_show_command", "(connection_string: string, command: string)", "Asks a Kusto cluster; not here.",
     &bind_service_plugin, true},
    {"funnel_sequence",
     "(IdColumn: not_dynamic column, TimelineColumn: summable column, Start: summable, End: summable, MaxSequenceStepWindow: "
     "summable, Step: period, StateColumn: not_dynamic column, Sequence: array)",
     "What ids did before and after a sequence of states, as three results.", &bind_funnel_sequence},
    {"funnel_sequence_completion",
     "(IdColumn: not_dynamic column, TimelineColumn: summable column, Start: summable, End: summable, BinSize: summable, "
     "StateColumn: not_dynamic column, Sequence: array, MaxSequenceStepPeriods: array)",
     "How many ids got how far through a sequence of states, within each period.", &bind_funnel_sequence_completion},
    {"geo_line_lookup", "", "Adds to each point the rows of a table whose lines are near.", &as_written<&bind_geo_line_lookup>},
    {"geo_polygon_lookup", "", "Adds to each point the rows of a table whose polygons hold it.",
     &as_written<&bind_geo_polygon_lookup>},
    {"http_request", "(Uri: string, RequestHeaders: bag?, Options: bag?)", "Asks a server on the network; not here.",
     &bind_service_plugin, true},
    {"http_request_post", "(Uri: string, RequestHeaders: bag?, Options: bag?, Content: string?)",
     "Asks a server on the network; not here.", &bind_service_plugin, true},
    {"identity", "()", "The table as it is.", &bind_identity},
    {"infer_storage_schema", "(Options: bag)", "The columns of files, as a schema is written.", &bind_infer_storage_schema, true},
    {"infer_storage_schema_with_suggestions", "(Options: bag)",
     "The columns of files, and types that would serve better, as a bag.", &bind_infer_storage_schema_with_suggestions, true},
    {"ipv4_lookup", "", "Adds to each row the row of a table whose range holds its IPv4 address.",
     &as_written<&bind_ipv4_lookup>},
    {"ipv6_lookup", "", "Adds to each row the row of a table whose range holds its IPv6 address.",
     &as_written<&bind_ipv6_lookup>},
    {"mysql_request", "(connection_string: string, sql_query: string, sql_parameters: bag?, options: bag?)",
     "Asks a MySQL server; not here.", &bind_service_plugin, true},
    {"narrow", "()", "Each column of each row as a row of its own: its number, the column's name, the value as text.",
     &bind_narrow},
    {"new_activity_metrics",
     "(IdColumn: not_dynamic column, TimelineColumn: summable column, Start: summable, End: summable, Window: period, "
     "Cohort: summable?, Dimension: not_dynamic column*, Lookback: table?)",
     "Follows the ids that are new in a step through the steps after it.", &bind_new_activity_metrics},
    {"pivot", "(pivotColumn: not_dynamic column, aggregationFunction: aggregate?, column: column*)",
     "A column for each value of the pivot column, a row for each combination of the others.", &bind_pivot},
    {"postgresql_request", "(connection_string: string, sql_query: string, sql_parameters: bag?, options: bag?)",
     "Asks a PostgreSQL server; not here.", &bind_service_plugin, true},
    {"preview", "(NumberOfRows: integer)", "The first rows, and as a second result how many there are.", &bind_preview},
    {"python", "", "Runs a script of Python over the table, confined.", &as_written<&bind_python>},
    {"r", "(OutputSchema: schema, Script: string, Arguments: bag?)", "Runs a script of R; not here.", &bind_service_plugin},
    {"rolling_percentile",
     "(ValueColumn: summable column, Percentile: number, IndexColumn: summable column, BinSize: summable, BinsPerWindow: "
     "integer, "
     "Dimension: not_dynamic column*)",
     "A percentile of the values in each bin and those before it that are in its window.", &bind_rolling_percentile},
    {"rows_near", "(Condition: bool row, NumRows: integer, RowsAfter: integer?)",
     "The rows that are few rows before or behind one where the condition holds.", &bind_rows_near},
    {"schema_merge", "(PreserveOrder: bool?)", "One schema of several, which getschema gave.", &bind_schema_merge},
    {"sequence_detect",
     "(TimelineColumn: summable column, MaxSequenceStepWindow: summable, MaxSequenceSpan: summable, Expr: bool row+, Dimension: "
     "not_dynamic column*)",
     "The ways in which rows follow each other as conditions say, step by step.", &bind_sequence_detect},
    {"session_count",
     "(IdColumn: not_dynamic column, TimelineColumn: summable column, Start: summable, End: summable, Bin: summable, "
     "LookBackWindow: summable, Dimension: not_dynamic column*)",
     "Counts the sessions that begin in each bin: appearances of an id that was not there in a window before.",
     &bind_session_count},
    {"sliding_window_counts",
     "(IdColumn: not_dynamic column, TimelineColumn: summable column, Start: summable, End: summable, LookbackWindow: summable, "
     "Bin: period, Dimension: not_dynamic column*)",
     "Counts rows and ids in the window that ends with each step.", &bind_sliding_window_counts},
    {"sql_request", "(connection_string: string, sql_query: string, sql_parameters: bag?, options: bag?)",
     "Asks an SQL server; not here.", &bind_service_plugin, true},
});
static_assert(std::ranges::is_sorted(kPlugins, {}, &Plugin::name));

}  // namespace

std::span<const Plugin> plugins() { return kPlugins; }

}  // namespace wardian::kql

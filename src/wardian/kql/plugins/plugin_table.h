#pragma once

#include "wardian/kql/plugins/plugin.h"

/// One file a plugin.
namespace wardian::kql {

OperatorResult bind_active_users_count(Binder& binder, const PluginCall& call);
OperatorResult bind_activity_counts_metrics(Binder& binder, const PluginCall& call);
OperatorResult bind_activity_engagement(Binder& binder, const PluginCall& call);
OperatorResult bind_activity_metrics(Binder& binder, const PluginCall& call);
OperatorResult bind_autocluster(Binder& binder, const PluginCall& call);
OperatorResult bind_bag_unpack(Binder& binder, const PluginCall& call);
OperatorResult bind_basket(Binder& binder, const PluginCall& call);
OperatorResult bind_diffpatterns(Binder& binder, const PluginCall& call);
OperatorResult bind_diffpatterns_text(Binder& binder, const PluginCall& call);
OperatorResult bind_estimate_rows_count(Binder& binder, const PluginCall& call);
OperatorResult bind_funnel_sequence(Binder& binder, const PluginCall& call);
OperatorResult bind_funnel_sequence_completion(Binder& binder, const PluginCall& call);
OperatorResult bind_identity(Binder& binder, const PluginCall& call);
OperatorResult bind_infer_storage_schema(Binder& binder, const PluginCall& call);
OperatorResult bind_infer_storage_schema_with_suggestions(Binder& binder, const PluginCall& call);
OperatorResult bind_narrow(Binder& binder, const PluginCall& call);
OperatorResult bind_new_activity_metrics(Binder& binder, const PluginCall& call);
OperatorResult bind_pivot(Binder& binder, const PluginCall& call);
OperatorResult bind_preview(Binder& binder, const PluginCall& call);
OperatorResult bind_rolling_percentile(Binder& binder, const PluginCall& call);
OperatorResult bind_rows_near(Binder& binder, const PluginCall& call);
OperatorResult bind_schema_merge(Binder& binder, const PluginCall& call);
OperatorResult bind_sequence_detect(Binder& binder, const PluginCall& call);
OperatorResult bind_service_plugin(Binder& binder, const PluginCall& call);
OperatorResult bind_session_count(Binder& binder, const PluginCall& call);
OperatorResult bind_sliding_window_counts(Binder& binder, const PluginCall& call);

}  // namespace wardian::kql

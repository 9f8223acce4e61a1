#pragma once

#include "wardian/kql/plugins/timeline.h"

/// What the two funnels share.
namespace wardian::kql {

/// The states of the sequence as text.
Result<std::vector<std::string>> funnel_states(Binder& binder, const PluginArgument& sequence);

/// The input's rows from Start to End as algorithm/funnel.h reads them. Rows at one time come in the order of the sequence.
Result<NodePtr> funnel_rows(Binder& binder, const PluginCall& call, Timeline& timeline);

}  // namespace wardian::kql

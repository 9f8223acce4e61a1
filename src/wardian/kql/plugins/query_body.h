#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wardian/kql/operators/operators.h"

/// Plugins that are queries of the language itself: lets and a last expression, over tables and values that the plugin
/// gives it by name.
namespace wardian::kql {

/// The table that `body` means, which sees nothing but `names` and the built-in functions. Its text is ours and right:
/// what fails is blamed on `span`, the plugin's name in the query.
OperatorResult bind_body(Binder& binder, std::string_view body, std::vector<std::pair<std::string, Meaning>> names,
                         SourceSpan span);

/// A table that a body may name several times and that runs once.
NodePtr run_once(Binder& binder, NodePtr table, std::string_view name);

}  // namespace wardian::kql

#include <algorithm>
#include <array>

#include "wardian/base/similar_name.h"
#include "wardian/kql/plugins/plugin.h"

namespace wardian::kql {

namespace {

/// Source: the language's reference, "evaluate plugin operator", but for the first, which is ours. Those after the second tell a cluster how to share the work, and change nothing
/// here.
constexpr std::array<std::string_view, 5> kHints = {"hint.batches", "hint.distribution", "hint.pass_filters",
                                                    "hint.pass_filters_column", "hint.remote"};

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site) {
  const syntax::Identifier& name = node.plugin.function;
  const auto rows = std::ranges::equal_range(plugins(), std::string_view(name.text), {}, &Plugin::name);
  if (rows.empty()) {
    std::vector<std::string_view> names;
    for (const Plugin& plugin : plugins()) names.push_back(plugin.name);
    return error_at(ErrorCode::unknown_function, "Unknown plugin: " + name.text, name.span, did_you_mean(name.text, names));
  }
  if (rows.front().bind == nullptr) return not_supported("plugin " + name.text, name.span);
  if (site.input == nullptr && !rows.front().begins) {
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
  return bind_plugin(binder, {rows.begin(), rows.end()}, node, site);
}

}  // namespace wardian::kql

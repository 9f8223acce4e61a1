#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

struct Plugin;

/// One parameter of a plugin's signature; the grammar is told in plugin.h.
struct PluginParameter {
  enum class Form : std::uint8_t { constant, column, row, table, aggregate, schema };
  enum class Types : std::uint8_t {
    any,
    not_dynamic,
    summable,
    number,
    integer,
    boolean,
    real,
    string,
    dynamic,
    array,
    bag,
    period
  };
  enum class Times : std::uint8_t { one, optional, optional_or_tilde, any, some };

  std::string_view name;
  Form form = Form::constant;
  Types types = Types::any;
  Times times = Times::one;

  bool repeated() const { return times == Times::any || times == Times::some; }
  bool may_be_left_out() const { return times != Times::one && times != Times::some; }
};

/// Reads one signature. An error is a mistake in a table row, which a unit test finds.
Result<std::vector<PluginParameter>> parse_plugin_signature(std::string_view text);

/// An argument, bound as its parameter asks.
struct PluginArgument {
  const PluginParameter* parameter = nullptr;
  const syntax::Expr* written = nullptr;  // without the name that it is given by
  const syntax::Named* named = nullptr;   // set where a "row" argument has a name of its own
  std::size_t column = 0;                 // of the input, for "column"
  ExprPtr value;                          // for constants and rows
  NodePtr table;                          // for "table"
};

class PluginArguments {
 public:
  /// Null where it is left out.
  const PluginArgument* find(std::string_view parameter) const;
  const PluginArgument& at(std::string_view parameter) const { return *find(parameter); }
  std::vector<const PluginArgument*> all(std::string_view parameter) const;

  std::vector<PluginParameter> parameters;
  std::vector<PluginArgument> given;
};

/// Fewest and most arguments that the signature takes; no bound where one is repeated.
std::pair<std::size_t, std::optional<std::size_t>> argument_counts(const std::vector<PluginParameter>& parameters);

Result<PluginArguments> bind_plugin_arguments(Binder& binder, const Plugin& plugin, const syntax::Call& call,
                                              const OperatorSite& site);

}  // namespace wardian::kql

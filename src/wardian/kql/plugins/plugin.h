#pragma once

#include <span>
#include <string_view>

#include "wardian/kql/operators/operators.h"
#include "wardian/kql/plugins/plugin_arguments.h"

/// A plugin of `evaluate` is a row. The binding of arguments, errors and the reference read the same rows.
namespace wardian::kql {

struct PluginCall;
using BindPlugin = OperatorResult (*)(Binder&, const PluginCall&);

/// Rows of one name stand together, as overloads: the first that takes so many arguments is bound.
///
/// Signature grammar: "(name: words mark, …)"
///   words  how the argument is written, and of what types it may be; a constant of any type where they say nothing
///          | column     a column of the input
///          | row        an expression over the input's rows
///          | table      a table
///          | aggregate  a call of an aggregate
///          | schema     typeof(…)
///          | not_dynamic, summable (a number, datetime, timespan), number, integer, bool, real, string, dynamic,
///          | array, bag (a dynamic value that may be one)
///          | period     summable, or one of the texts "week", "month", "year"
///   mark   | ?  may be left out
///          | ~  may be left out, or be written '~', which says the same
///          | *  none, one or more
///          | +  one or more
/// An argument may be given by its parameter's name: name = value. "row" ones keep a name of their own instead.
struct Plugin {
  std::string_view name;
  std::string_view signature = {};  // empty: `bind` reads the arguments of the call by itself
  std::string_view summary = {};
  BindPlugin bind = nullptr;  // null: known to the language, not to this version
  bool begins = false;        // may begin a pipeline
  bool declares = false;      // `bind` gives the columns that the query declares by itself
};

/// One use of a plugin, its arguments bound as the row says.
struct PluginCall {
  const Plugin& plugin;
  const syntax::EvaluateOperator& node;
  const OperatorSite& site;
  PluginArguments arguments;

  const syntax::Identifier& name() const { return node.plugin.function; }
};

/// All rows, in the order of names.
std::span<const Plugin> plugins();

/// Binds the arguments of the plugin's call, then the plugin.
OperatorResult bind_plugin(Binder& binder, std::span<const Plugin> overloads, const syntax::EvaluateOperator& node,
                           const OperatorSite& site);

/// The table as `evaluate … : (schema)` declares it: each column by name, converted to its type; `*` stands for the
/// columns of `input` that are in the table. An error for a column that the table has not.
OperatorResult as_declared(NodePtr table, const syntax::Schema& schema, const NodePtr& input);

}  // namespace wardian::kql

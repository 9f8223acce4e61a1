#include <algorithm>
#include <array>
#include <map>

#include "wardian/kql/constant_json.h"
#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {
namespace {

/// The type that holds all values of one property: buildschema() gives a name, or an array of names when they differ.
Type property_type(const Value& described) {
  const auto* text = std::get_if<std::string>(&described.held);
  if (text == nullptr) return Type::dynamic;
  if (described.type == Type::string) {
    const std::string_view name = *text == "double" ? std::string_view("real") : std::string_view(*text);
    return columnar::type_from_name(name).value_or(Type::dynamic);
  }
  const auto types = array_elements(*text);
  bool numbers = types && !types->empty();
  for (std::size_t at = 0; numbers && at < types->size(); ++at) numbers = columnar::is_numeric(property_type((*types)[at]));
  return numbers ? Type::real : Type::dynamic;
}

/// The properties of what buildschema() found, by name: those of the bags, also where other values lie among them.
std::map<std::string, Type> properties_of(const std::string& schema) {
  std::map<std::string, Type> made;
  const auto members = object_members(schema);
  if (!members) {
    for (const Value& each : array_elements(schema).value_or(std::vector<Value>())) {
      const auto* text = std::get_if<std::string>(&each.held);
      if (text != nullptr && each.type == Type::dynamic && text->starts_with('{')) made.merge(properties_of(*text));
    }
    return made;
  }
  for (const auto& [name, described] : *members) {
    if (name != "`indexer`") made.emplace(name, property_type(described));  // an array's elements have no names
  }
  return made;
}

ExprPtr property(const ExprPtr& bag, const std::string& name, Type type, SourceSpan span) {
  ExprPtr member = plan::make_expr(
      plan::Call{"member", {"wardian_dynamic_member", nullptr}, {bag, constant_expr(Value{Type::string, name}, span)}},
      Type::dynamic, span);
  return cast(std::move(member), type);
}

struct Options {
  std::size_t column = 0;
  std::string prefix;
  std::string on_conflict = "error";
  std::vector<std::string> ignored;

  bool ignores(const std::string& name) const { return std::ranges::find(ignored, name) != ignored.end(); }
};

Result<Options> options_of(Binder& binder, const PluginCall& call) {
  constexpr auto kConflicts = std::to_array<std::string_view>({"error", "keep_source", "replace_source"});
  const PluginArguments& arguments = call.arguments;
  const Environment env = call.site.env.without_rows();
  Options made;
  made.column = arguments.at("column").column;
  if (const PluginArgument* prefix = arguments.find("OutputColumnPrefix")) {
    WARDIAN_ASSIGN(made.prefix, binder.constant_string(*prefix->written, env));
    // Written to get at the arguments behind it, '' says nothing.
    if (made.prefix.empty() && call.node.plugin.arguments.size() == 2) {
      return error_at(ErrorCode::bad_argument, "A prefix is not empty", prefix->written->span);
    }
  }
  if (const PluginArgument* conflict = arguments.find("columnsConflict")) {
    WARDIAN_ASSIGN(made.on_conflict, binder.constant_string(*conflict->written, env));
    if (std::ranges::find(kConflicts, made.on_conflict) == kConflicts.end()) {
      return error_at(ErrorCode::bad_argument, "Unknown way to resolve a conflict: " + made.on_conflict, conflict->written->span,
                      "columnsConflict is 'error', 'keep_source' or 'replace_source'");
    }
  }
  if (const PluginArgument* ignored = arguments.find("ignoredProperties")) {
    WARDIAN_ASSIGN(const Value names, binder.constant(ignored->value, ignored->written->span));
    const auto* json = std::get_if<std::string>(&names.held);
    for (const Value& each : (json != nullptr ? array_elements(*json) : std::nullopt).value_or(std::vector<Value>())) {
      if (each.type == Type::string) made.ignored.push_back(std::get<std::string>(each.held));
    }
  }
  return made;
}

/// The columns that the query names. One of the input stays what it is, unless conflicts replace it.
OperatorResult declared_columns(const PluginCall& call, const Options& options) {
  const NodePtr& input = call.site.input;
  const syntax::Schema& schema = *call.node.schema;
  const SourceSpan span = call.node.plugin.span;
  const auto declared = [&](const std::string& name) {
    return std::ranges::any_of(schema.columns, [&](const auto& column) { return !column.star && column.name.text == name; });
  };
  std::vector<plan::NamedExpr> columns;
  for (const syntax::SchemaColumn& column : schema.columns) {
    if (column.star) {
      for (std::size_t at = 0; at < input->schema.size(); ++at) {
        const std::string& name = input->schema[at].name;
        if (at != options.column && !declared(name)) columns.push_back({name, input_column(input->schema, at)});
      }
      continue;
    }
    const std::string& name = column.name.text;
    const auto own = columnar::find_column(input->schema, name);
    if (own && *own != options.column && options.on_conflict != "replace_source") {
      columns.push_back({name, cast(input_column(input->schema, *own), column.type)});
      continue;
    }
    std::string property_name = name;
    if (property_name.starts_with(options.prefix)) property_name.erase(0, options.prefix.size());
    columns.push_back({name, options.ignores(property_name) ? constant_expr(columnar::null_of(column.type), span)
                                                            : property(input_column(input->schema, options.column, span),
                                                                       property_name, column.type, span)});
  }
  return project(input, std::move(columns));
}

}  // namespace

/// The properties of a column of bags as columns of their own, in the order of their names. Which there are, only the
/// data tells, unless the query gives the schema: the input is run first.
OperatorResult bind_bag_unpack(Binder& binder, const PluginCall& call) {
  const SourceSpan span = call.node.plugin.span;
  const SourceSpan name_span = call.name().span;
  WARDIAN_ASSIGN(const Options options, options_of(binder, call));
  if (call.node.schema) return declared_columns(call, options);

  WARDIAN_ASSIGN(const NodePtr table, binder.materialise(call.site.input, "bag_unpack()", name_span));
  const ExprPtr bag = input_column(table->schema, options.column, span);
  syntax::Call build;
  build.function = {"buildschema", name_span, false};
  build.span = span;
  WARDIAN_ASSIGN(ExprPtr schema, binder.aggregate(build, {bag}));
  NodePtr described = plan::make_node(plan::Aggregate{table, {}, {{"schema", std::move(schema)}}}, {{"schema", Type::dynamic}});
  WARDIAN_ASSIGN(const Value found,
                 binder.constant(plan::make_expr(plan::ScalarSubquery{std::move(described)}, Type::dynamic, span), span));
  const auto* json = std::get_if<std::string>(&found.held);

  std::vector<plan::NamedExpr> columns;
  for (std::size_t at = 0; at < table->schema.size(); ++at) {
    if (at != options.column) columns.push_back({table->schema[at].name, input_column(table->schema, at)});
  }
  for (const auto& [name, type] : json != nullptr ? properties_of(*json) : std::map<std::string, Type>()) {
    if (options.ignores(name)) continue;
    const std::string shown = options.prefix + name;
    ExprPtr value = property(bag, name, type, span);
    const auto clash = std::ranges::find(columns, shown, &plan::NamedExpr::name);
    if (clash == columns.end()) {
      columns.push_back({shown, std::move(value)});
    } else if (options.on_conflict == "replace_source") {
      clash->expr = std::move(value);
    } else if (options.on_conflict == "error") {
      return error_at(ErrorCode::duplicate_name, "There is a column of that name already: " + shown, name_span,
                      "Give a prefix, or columnsConflict='replace_source'");
    }
  }
  if (columns.empty()) {
    return error_at(ErrorCode::bad_argument, "No column is left: the bags have no property, and there is no other column", span,
                    "Declare the columns that are wanted: evaluate bag_unpack(d) : (name: type)");
  }
  return project(table, std::move(columns));
}

}  // namespace wardian::kql

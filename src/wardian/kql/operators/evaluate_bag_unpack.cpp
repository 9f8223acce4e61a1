#include "wardian/kql/constant_json.h"
#include "wardian/kql/operators/projection.h"

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

ExprPtr property(const ExprPtr& bag, const std::string& name, Type type, SourceSpan span) {
  ExprPtr member = plan::make_expr(
      plan::Call{"member", {"wardian_dynamic_member", nullptr}, {bag, constant_expr(Value{Type::string, name}, span)}},
      Type::dynamic, span);
  return cast(std::move(member), type);
}

struct Arguments {
  std::size_t column = 0;
  std::string prefix;
  std::string on_conflict = "error";
  std::vector<std::string> ignored;
};

Result<Arguments> arguments_of(Binder& binder, const syntax::Call& call, const OperatorSite& site) {
  Arguments made;
  const auto wrong = [&] {
    return error_at(ErrorCode::argument_count,
                    "bag_unpack() takes a column, a prefix, what to do on conflict, and names to ignore", call.function.span);
  };
  if (call.arguments.empty() || call.arguments.size() > 4) return wrong();
  const auto* name = std::get_if<syntax::Name>(&call.arguments.front().node);
  const auto at = name == nullptr ? std::nullopt : columnar::find_column(site.input->schema, name->text);
  if (!at) {
    return name != nullptr
               ? unknown_name(name->text, call.arguments.front().span, site.rows())
               : error_at(ErrorCode::wrong_context, "The name of a column is needed here", call.arguments.front().span);
  }
  if (site.input->schema[*at].type != Type::dynamic) {
    return error_at(ErrorCode::type_mismatch, "bag_unpack() takes a dynamic column", call.arguments.front().span);
  }
  made.column = *at;
  const Environment env = site.env.without_rows();
  constexpr std::string_view kNames[] = {"", "OutputColumnPrefix", "columnsConflict", "ignoredProperties"};
  for (std::size_t position = 1; position < call.arguments.size(); ++position) {
    const auto* named = std::get_if<syntax::Named>(&call.arguments[position].node);
    const syntax::Expr& value = named != nullptr ? *named->value : call.arguments[position];
    std::size_t which = position;
    if (named != nullptr) {
      for (which = 1; which < 4 && kNames[which] != named->names.front().text; ++which) {
      }
      if (which == 4) return wrong();
    }
    if (which == 3) {
      WARDIAN_ASSIGN(const Value names, binder.constant(value, env));
      const auto* json = std::get_if<std::string>(&names.held);
      for (const Value& each : (json != nullptr ? array_elements(*json) : std::nullopt).value_or(std::vector<Value>())) {
        if (each.type == Type::string) made.ignored.push_back(std::get<std::string>(each.held));
      }
    } else {
      WARDIAN_ASSIGN((which == 1 ? made.prefix : made.on_conflict), binder.constant_string(value, env));
    }
  }
  return made;
}

}  // namespace

/// The properties of a column of bags as columns of their own, in the order of their names. Which there are, only the
/// data tells, unless the query gives the schema: the input is run first.
OperatorResult bind_bag_unpack(Binder& binder, const syntax::EvaluateOperator& node, const OperatorSite& site) {
  const syntax::Call& call = node.plugin;
  WARDIAN_ASSIGN(const Arguments arguments, arguments_of(binder, call, site));
  const auto bag_in = [&](const NodePtr& table) { return input_column(table->schema, arguments.column, call.span); };

  if (node.schema) {
    std::vector<plan::NamedExpr> columns;
    for (const syntax::SchemaColumn& column : node.schema->columns) {
      if (column.star) {
        for (std::size_t at = 0; at < site.input->schema.size(); ++at) {
          if (at != arguments.column) columns.push_back({site.input->schema[at].name, input_column(site.input->schema, at)});
        }
        continue;
      }
      const auto own = columnar::find_column(site.input->schema, column.name.text);
      std::string property_name = column.name.text;
      if (property_name.starts_with(arguments.prefix)) property_name.erase(0, arguments.prefix.size());
      columns.push_back({column.name.text, own && *own != arguments.column
                                               ? input_column(site.input->schema, *own)
                                               : property(bag_in(site.input), property_name, column.type, call.span)});
    }
    return project(site.input, std::move(columns));
  }

  WARDIAN_ASSIGN(const NodePtr table, binder.materialise(site.input, "bag_unpack()", call.function.span));
  syntax::Call build;
  build.function = {"buildschema", call.function.span, false};
  build.span = call.span;
  WARDIAN_ASSIGN(ExprPtr schema, binder.aggregate(build, {bag_in(table)}));
  NodePtr described = plan::make_node(plan::Aggregate{table, {}, {{"schema", std::move(schema)}}}, {{"schema", Type::dynamic}});
  WARDIAN_ASSIGN(
      const Value found,
      binder.constant(plan::make_expr(plan::ScalarSubquery{std::move(described)}, Type::dynamic, call.span), call.span));
  std::vector<std::pair<std::string, Value>> properties;
  if (const auto* json = std::get_if<std::string>(&found.held)) {
    properties = object_members(*json).value_or(std::vector<std::pair<std::string, Value>>());
  }
  std::sort(properties.begin(), properties.end(), [](const auto& a, const auto& b) { return a.first < b.first; });

  std::vector<plan::NamedExpr> columns;
  for (std::size_t at = 0; at < table->schema.size(); ++at) {
    if (at != arguments.column) columns.push_back({table->schema[at].name, input_column(table->schema, at)});
  }
  for (const auto& [name, described_type] : properties) {
    if (std::find(arguments.ignored.begin(), arguments.ignored.end(), name) != arguments.ignored.end()) continue;
    const std::string shown = arguments.prefix + name;
    ExprPtr value = property(bag_in(table), name, property_type(described_type), call.span);
    const auto clash = std::find_if(columns.begin(), columns.end(), [&](const auto& column) { return column.name == shown; });
    if (clash == columns.end()) {
      columns.push_back({shown, std::move(value)});
    } else if (arguments.on_conflict == "replace_source") {
      clash->expr = std::move(value);
    } else if (arguments.on_conflict != "keep_source") {
      return error_at(ErrorCode::duplicate_name, "There is a column of that name already: " + shown, call.function.span,
                      "Give a prefix, or columnsConflict='replace_source'");
    }
  }
  if (columns.empty())
    return error_at(ErrorCode::bad_argument, "No column is left: the bags have no property, and there is no other column",
                    call.span);
  return project(table, std::move(columns));
}

}  // namespace wardian::kql

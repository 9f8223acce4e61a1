#include "wardian/kql/functions/value_forms.h"
#include "wardian/kql/operators/projection.h"
#include "wardian/kql/plugins/plugin_table.h"

namespace wardian::kql {
namespace {

/// As the page of the reference shows values: True, and 2017-03-14 10:59:18.9263023.
sql::ExprPtr shown(const plan::CallSite& site) {
  const sql::ExprPtr& value = site.arguments[0];
  switch (site.type(0)) {
    case Type::boolean: {
      sql::Case made{{{value, sql::string("True")}, {sql::is_null(value), sql::string("")}}, sql::string("False")};
      return sql::make(std::move(made));
    }
    case Type::datetime: {
      sql::ExprPtr text = sql::call("replace", {to_text(value, Type::datetime), sql::string("T"), sql::string(" ")});
      return sql::call("replace", {std::move(text), sql::string("Z"), sql::string("")});
    }
    default: return to_text(value, site.type(0));
  }
}

sql::ExprPtr row_number(const plan::CallSite&) { return sql::call("row_number", {}); }

/// The element of a JSON array of texts, as text.
ExprPtr text_of(ExprPtr element) { return cast(std::move(element), Type::string); }

}  // namespace

/// Each column of each row as a row of its own.
OperatorResult bind_narrow(Binder& binder, const PluginCall& call) {
  const SourceSpan span = call.name().span;
  const columnar::Schema& schema = call.site.input->schema;
  std::vector<ExprPtr> names, values;
  for (std::size_t at = 0; at < schema.size(); ++at) {
    names.push_back(constant_expr(Value{Type::string, schema[at].name}, span));
    values.push_back(plan::make_expr(plan::Call{"narrow", {"", &shown}, {input_column(schema, at)}}, Type::string, span));
  }
  WARDIAN_ASSIGN(ExprPtr packed, binder.built_in("pack_array", std::move(values), span));
  WARDIAN_ASSIGN(ExprPtr packed_names, binder.built_in("pack_array", std::move(names), span));
  ExprPtr number = plan::make_expr(plan::WindowCall{"row_number", {"", &row_number}, {}, ""}, Type::int64, span);
  WARDIAN_ASSIGN(number, binder.binary("-", std::move(number), constant_expr(Value{Type::int64, std::int64_t{1}}), span, span));
  NodePtr rows = project(call.site.input, {{"Row", std::move(number)}, {"Value", std::move(packed)}});

  plan::Expand expand;
  expand.input = rows;
  expand.items.push_back({std::move(packed_names), 2});
  expand.items.push_back({input_column(rows->schema, 1), 1});
  const columnar::Schema wide{{"Row", Type::int64}, {"Value", Type::dynamic}, {"Column", Type::dynamic}};
  NodePtr made = plan::make_node(std::move(expand), wide, rows->serialized);
  return project(
      std::move(made),
      {{"Row", input_column(wide, 0)}, {"Column", text_of(input_column(wide, 2))}, {"Value", text_of(input_column(wide, 1))}});
}

}  // namespace wardian::kql

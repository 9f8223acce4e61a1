#include "wardian/kql/constant_json.h"
#include "wardian/kql/operators/projection.h"

namespace wardian::kql {

/// Columns whose names (or patterns of names) are values known before the run; names that fit none are passed over.
OperatorResult bind_operator(Binder& binder, const syntax::ProjectByNamesOperator& node, const OperatorSite& site) {
  const columnar::Schema& schema = site.input->schema;
  std::vector<std::size_t> order;
  const auto take = [&](std::string_view pattern) {
    for (std::size_t at = 0; at < schema.size(); ++at) {
      if (!name_matches(schema[at].name, pattern)) continue;
      if (std::find(order.begin(), order.end(), at) == order.end()) order.push_back(at);
    }
  };
  for (const syntax::Expr& each : node.columns) {
    WARDIAN_ASSIGN(const Value value, binder.constant(each, site.env.without_rows()));
    const auto* text = std::get_if<std::string>(&value.held);
    if (text == nullptr && value.is_null()) continue;
    if (value.type == Type::string) {
      take(*text);
      continue;
    }
    const auto elements = value.type == Type::dynamic ? array_elements(*text) : std::nullopt;
    if (!elements) {
      return error_at(ErrorCode::type_mismatch, "project-by-names takes names and arrays of names", each.span);
    }
    for (const Value& element : *elements) {
      if (element.type == Type::string) take(std::get<std::string>(element.held));
    }
  }
  std::vector<plan::NamedExpr> columns;
  for (const std::size_t at : order) columns.push_back({schema[at].name, input_column(schema, at)});
  if (columns.empty()) return error_at(ErrorCode::bad_argument, "No column is left", site.keyword);
  return project(site.input, std::move(columns));
}

}  // namespace wardian::kql

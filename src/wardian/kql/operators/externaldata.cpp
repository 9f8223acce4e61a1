#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

OperatorResult bind_operator(Binder& binder, const syntax::ExternalDataOperator& node, const OperatorSite& site) {
  if (binder.context().external_files == nullptr) {
    return external_files_refused("externaldata", site.keyword);
  }
  if (binder.options().external_data_disabled)
    return error_at(ErrorCode::access_denied, "The request bars externaldata: set request_external_data_disabled", site.keyword);
  if (node.schema.columns.empty()) {
    return error_at(ErrorCode::bad_argument, "The columns of the files are needed here", node.schema.span,
                    "externaldata(name: string)");
  }
  ExternalFiles::Request request;
  request.span = site.span;
  for (const syntax::SchemaColumn& column : node.schema.columns) request.schema.push_back({column.name.text, column.type});
  for (const syntax::Expr& location : node.locations) {
    WARDIAN_ASSIGN(std::string text, binder.constant_string(location, site.env));
    request.locations.push_back(std::move(text));
  }
  for (const syntax::Parameter& property : node.properties) {
    std::string text;
    if (const auto* word = std::get_if<syntax::Name>(&property.value.node)) {
      text = word->text;
    } else {
      WARDIAN_ASSIGN(const Value value, binder.constant(property.value, site.env));
      if (const auto* held = std::get_if<std::string>(&value.held)) text = *held;
      if (const auto* truth = std::get_if<bool>(&value.held)) text = *truth ? "true" : "false";
      if (const auto* whole = std::get_if<std::int64_t>(&value.held)) text = std::to_string(*whole);
    }
    request.properties.insert_or_assign(property.name.text, std::move(text));
  }
  return binder.context().external_files->open(request);
}

}  // namespace wardian::kql

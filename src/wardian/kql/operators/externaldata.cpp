#include "wardian/kql/operators/operators.h"

namespace wardian::kql {
namespace {

/// Files that a query names itself, as both of its operators that do so say them.
struct NamedFiles {
  std::string_view keyword;
  const syntax::Schema& schema;
  const std::vector<syntax::Expr>& locations;
  const syntax::Parameters& properties;
};

Result<std::string> property_text(Binder& binder, const syntax::Parameter& property, const Environment& env) {
  if (const auto* word = std::get_if<syntax::Name>(&property.value.node)) return word->text;
  WARDIAN_ASSIGN(const Value value, binder.constant(property.value, env));
  if (const auto* held = std::get_if<std::string>(&value.held)) return *held;
  if (const auto* truth = std::get_if<bool>(&value.held)) return std::string(*truth ? "true" : "false");
  if (const auto* whole = std::get_if<std::int64_t>(&value.held)) return std::to_string(*whole);
  return std::string();
}

OperatorResult open(Binder& binder, const NamedFiles& files, ExternalFiles::Request request, const OperatorSite& site) {
  const std::string keyword(files.keyword);
  if (binder.context().external_files == nullptr) return external_files_refused(keyword, site.keyword);
  if (binder.options().external_data_disabled)
    return error_at(ErrorCode::access_denied, "The request bars " + keyword + ": set request_external_data_disabled",
                    site.keyword);
  if (files.schema.columns.empty()) {
    return error_at(ErrorCode::bad_argument, "The columns of the files are needed here",
                    files.schema.span.end > 0 ? files.schema.span : site.keyword, keyword + "(name: string)");
  }
  request.span = site.span;
  for (const syntax::SchemaColumn& column : files.schema.columns) request.schema.push_back({column.name.text, column.type});
  for (const syntax::Expr& location : files.locations) {
    WARDIAN_ASSIGN(std::string text, binder.constant_string(location, site.env));
    request.locations.push_back(std::move(text));
  }
  for (const syntax::Parameter& property : files.properties) {
    WARDIAN_ASSIGN(std::string text, property_text(binder, property, site.env));
    request.properties.insert_or_assign(property.name.text, std::move(text));
  }
  return binder.context().external_files->open(request);
}

}  // namespace

OperatorResult bind_operator(Binder& binder, const syntax::ExternalDataOperator& node, const OperatorSite& site) {
  return open(binder, {"externaldata", node.schema, node.locations, node.properties}, {}, site);
}

OperatorResult bind_operator(Binder& binder, const syntax::InlineExternalTableOperator& node, const OperatorSite& site) {
  if (node.kind.text == "delta") return not_supported("tables of Delta Lake", node.kind.span);
  if (node.kind.text != "storage") {
    return error_at(ErrorCode::bad_argument, "Unknown kind of external table: " + node.kind.text, node.kind.span,
                    "storage, of files");
  }
  if (node.partitions) return not_supported("columns of an external table that are parts of paths", *node.partitions);
  ExternalFiles::Request request;
  request.properties.emplace("format", node.format.text);
  return open(binder, {"inline_external_table", node.schema, node.locations, node.properties}, std::move(request), site);
}

}  // namespace wardian::kql

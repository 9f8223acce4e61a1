#include "wardian/cli/schema_text.h"

#include <algorithm>

#include "wardian/kql/syntax/parser.h"

namespace wardian::cli {

Result<columnar::Schema> parse_schema(const std::string& text) {
  static constexpr std::string_view kBefore = "typeof(";
  auto tree = kql::syntax::parse_scalar_expression(std::string(kBefore) + text + ")");
  if (!tree.ok()) {
    std::optional<SourceSpan> span = tree.error().span;
    if (span) {
      const auto shift = static_cast<std::uint32_t>(kBefore.size());
      const auto back = [&](std::uint32_t at) {
        return std::min(at < shift ? 0 : at - shift, static_cast<std::uint32_t>(text.size()));
      };
      span = SourceSpan{back(span->begin), back(span->end)};
    }
    return Error{
        tree.error().code, tree.error().message, span,
        "Write \"name:type, …\" with the types bool, int, long, real, decimal, string, datetime, timespan, dynamic, guid."};
  }
  const auto* type_of = std::get_if<kql::syntax::TypeOf>(&tree->node);
  columnar::Schema schema;
  for (const auto& column : type_of == nullptr ? std::vector<kql::syntax::SchemaColumn>() : type_of->schema.columns) {
    if (column.star || column.name.text.empty()) {
      return Error{ErrorCode::bad_argument, "A column of the schema has no name", {}, "Write name:type for each column."};
    }
    if (columnar::find_column(schema, column.name.text)) {
      return Error{ErrorCode::duplicate_name, "Two columns of the schema have the same name: " + column.name.text,
                   column.name.span, ""};
    }
    schema.push_back({column.name.text, column.type});
  }
  if (schema.empty()) return Error{ErrorCode::bad_argument, "The schema names no column", {}, "Write \"name:type, …\"."};
  return schema;
}

}  // namespace wardian::cli

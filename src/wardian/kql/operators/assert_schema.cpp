#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

/// The table as it is, if it has exactly these columns.
OperatorResult bind_operator(Binder&, const syntax::AssertSchemaOperator& node, const OperatorSite& site) {
  const columnar::Schema& schema = site.input->schema;
  const auto refused = [&](std::string what, SourceSpan span) {
    return error_at(ErrorCode::type_mismatch, "The table has another schema than asserted: " + std::move(what), span);
  };
  for (std::size_t at = 0; at < node.schema.columns.size(); ++at) {
    const syntax::SchemaColumn& wanted = node.schema.columns[at];
    if (at >= schema.size()) return refused("it has no column " + wanted.name.text, wanted.name.span);
    if (schema[at].name != wanted.name.text) return refused("it has " + schema[at].name + " in this place", wanted.name.span);
    if (schema[at].type != wanted.type) {
      return refused(wanted.name.text + " is " + std::string(columnar::type_name(schema[at].type)), wanted.name.span);
    }
  }
  if (schema.size() > node.schema.columns.size()) {
    return refused("it also has " + schema[node.schema.columns.size()].name, site.keyword);
  }
  return site.input;
}

}  // namespace wardian::kql

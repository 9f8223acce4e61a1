#include "wardian/cli/declarations.h"

#include <simdjson.h>

#include "wardian/cli/schema_text.h"
#include "wardian/kql/syntax/parser.h"
#include "wardian/process/whole_file.h"

namespace wardian::cli {
namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;
using simdjson::dom::object;

Error wrong(const std::string& what) {
  return {ErrorCode::bad_argument,
          "In the declarations: " + what,
          {},
          R"json(Write {"tables": {"T": "a:long"}, "functions": {"f": {"parameters": "(x:long)", "body": "{ x + 1 }"}}}.)json"};
}

/// The same error, which says where: its place is in a text that nobody sees.
Error inside(const std::string& what, Error error) {
  error.message = "In the declaration of " + what + ": " + error.message;
  error.span.reset();
  return error;
}

Error declared_twice(const std::string& name) {
  return {ErrorCode::duplicate_name, "There are two declarations of one name: " + name, {}, "Give each a name of its own."};
}

Status add_table(const std::string& name, element value, session::TableSet& tables) {
  std::string_view columns;
  if (value.get(columns) != SUCCESS) return wrong("the columns of " + name + " are no text");
  Result<columnar::Schema> schema = parse_schema(std::string(columns));
  if (!schema.ok()) return inside(name, std::move(schema).error());
  return tables.declare_table(name, *std::move(schema)) ? Status() : Status(declared_twice(name));
}

Status add_function(const std::string& name, element value, session::TableSet& tables) {
  std::string_view parameters, body;
  if (value["parameters"].get(parameters) != SUCCESS || value["body"].get(body) != SUCCESS)
    return wrong("the function " + name + " has no texts named parameters and body");
  const auto parsed = kql::syntax::parse_stored_function(parameters, body);
  if (!parsed.ok()) return inside(name, parsed.error());
  const bool added = tables.declare_function(name, {std::string(parameters), std::string(body)});
  return added ? Status() : Status(declared_twice(name));
}

template <class Add>
Status add_members(const element& root, std::string_view key, session::TableSet& tables, Add&& add) {
  element members;
  if (root[key].get(members) != SUCCESS) return {};
  object named;
  if (members.get(named) != SUCCESS) return wrong(std::string(key) + " are no object");
  for (const auto& [name, value] : named) WARDIAN_TRY(add(std::string(name), value, tables));
  return {};
}

}  // namespace

Status read_declarations(const std::filesystem::path& file, session::TableSet& tables) {
  WARDIAN_ASSIGN(const std::string text, process::read_whole_file(file));
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(text).get(root) != SUCCESS || !root.is_object()) return wrong("the file is no JSON object: " + file.string());
  WARDIAN_TRY(add_members(root, "tables", tables, &add_table));
  return add_members(root, "functions", tables, &add_function);
}

}  // namespace wardian::cli

#include "wardian/session/table_set.h"

#include "wardian/catalog/foreign_file.h"
#include "wardian/sqltree/printer.h"

namespace wardian::session {

Status TableSet::show_file(engine::Connection& connection, const std::string& name, const std::filesystem::path& file) {
  if (tables_.contains(name)) {
    return Error{ErrorCode::duplicate_name, "Two tables have the same name: " + name, {}, "Give each --table a name of its own."};
  }
  catalog::ReadOptions options;
  options.with_stored = true;
  WARDIAN_ASSIGN(catalog::ForeignFile opened, catalog::open_foreign_file(connection, file, options));
  // Numbered, because the engine takes names that differ only by case for the same.
  const std::string view = kFileView + std::to_string(files_++);
  WARDIAN_TRY(connection.execute("CREATE VIEW " + sqltree::quoted_name(view) + " AS " + sqltree::print(*opened.query)));
  plan::Scan scan;
  scan.path = {"memory", "main", view};
  scan.label = name;
  for (std::size_t at = 0; at < opened.schema.size(); ++at) scan.columns.push_back("c" + std::to_string(at));
  for (std::size_t at = 0; at < opened.stored.size(); ++at) {
    scan.stored.push_back(opened.stored[at].empty() ? plan::StoredColumn{}
                                                    : plan::StoredColumn{"r" + std::to_string(at), opened.stored[at]});
  }
  tables_.emplace(name, plan::make_node(std::move(scan), std::move(opened.schema)));
  return {};
}

Status TableSet::add_database(engine::Connection& connection, const catalog::DatabaseFile& database) {
  database_ = database.name();
  WARDIAN_ASSIGN(std::vector<catalog::StoredTable> stored, database.tables(connection));
  for (catalog::StoredTable& table : stored) {
    plan::Scan scan;
    scan.path = {database.alias(), "main", table.storage_table};
    scan.label = table.name;
    scan.columns = std::move(table.storage_columns);
    tables_.insert_or_assign(table.name, plan::make_node(std::move(scan), std::move(table.schema)));
  }
  WARDIAN_ASSIGN(const std::vector<catalog::StoredFunctionText> functions, database.functions(connection));
  for (const catalog::StoredFunctionText& function : functions) functions_[function.name] = {function.parameters, function.body};
  return {};
}

bool TableSet::declare_table(const std::string& name, columnar::Schema schema) {
  plan::Scan scan;
  scan.label = name;
  for (std::size_t at = 0; at < schema.size(); ++at) scan.columns.push_back("c" + std::to_string(at));
  return tables_.emplace(name, plan::make_node(std::move(scan), std::move(schema))).second;
}

bool TableSet::declare_function(const std::string& name, kql::StoredFunction function) {
  return functions_.emplace(name, std::move(function)).second;
}

Result<std::optional<plan::NodePtr>> TableSet::find(std::string_view database, std::string_view name) {
  const auto found = known(database) ? tables_.find(name) : tables_.end();
  return found == tables_.end() ? std::optional<plan::NodePtr>() : std::optional(found->second);
}

Result<std::optional<kql::StoredFunction>> TableSet::function(std::string_view database, std::string_view name) {
  const auto found = known(database) ? functions_.find(name) : functions_.end();
  return found == functions_.end() ? std::optional<kql::StoredFunction>() : std::optional(found->second);
}

std::vector<std::string> TableSet::table_names(std::string_view database) {
  std::vector<std::string> names;
  if (!known(database)) return names;
  for (const auto& [name, node] : tables_) names.push_back(name);
  return names;
}

std::vector<std::string> TableSet::function_names(std::string_view database) {
  std::vector<std::string> names;
  if (!known(database)) return names;
  for (const auto& [name, function] : functions_) names.push_back(name);
  return names;
}

}  // namespace wardian::session

#include <algorithm>
#include <array>
#include <cstdio>

#include "wardian/base/similar_name.h"
#include "wardian/cli/shell/commands.h"
#include "wardian/cli/shell/show_table.h"
#include "wardian/columnar/runtime_type_name.h"
#include "wardian/kernels/json_text.h"

// Tables about tables. Their columns are those of the service's management commands, as far as they mean something here.
// Source: https://learn.microsoft.com/kusto/management/
namespace wardian::cli {
namespace {

using columnar::Schema;
using columnar::Type;

constexpr Type kString = Type::string;

const std::string& database(const Shell& shell) { return shell.options.surroundings.database; }

/// A name as queries write it.
std::string written_name(std::string_view name) {
  const auto plain = [](char c) { return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'); };
  const bool bare = !name.empty() && std::ranges::all_of(name, plain) && !(name[0] >= '0' && name[0] <= '9');
  return bare ? std::string(name) : "[" + string_literal(name) + "]";
}

std::string csl_schema(const Schema& schema) {
  std::string text;
  for (const columnar::Column& column : schema)
    text += (text.empty() ? "" : ",") + written_name(column.name) + ":" + std::string(columnar::type_name(column.type));
  return text;
}

std::string json_schema(const std::string& table, const Schema& schema) {
  std::string text;
  kernels::JsonObjectWriter object(text);
  object.add_string("Name", table);
  std::string columns;
  kernels::JsonArrayWriter list(columns);
  for (const columnar::Column& column : schema) {
    std::string one;
    kernels::JsonObjectWriter members(one);
    members.add_string("Name", column.name);
    members.add_string("Type", columnar::runtime_type_name(column.type));
    members.add_string("CslType", columnar::type_name(column.type));
    members.close();
    list.add(one);
  }
  list.close();
  object.add("OrderedColumns", columns);
  object.close();
  return text;
}

/// The table's schema, or the error at its name.
Result<Schema> schema_of(Shell& shell, const CommandCall& call, std::string_view part, const std::string& name) {
  WARDIAN_ASSIGN(const auto instance, shell.instance());
  WARDIAN_ASSIGN(const auto found, instance->tables().find({}, name));
  if (found) return (*found)->schema;
  const std::vector<std::string> names = instance->tables().table_names({});
  Error error = command_error(call, part, "Unknown table: " + name,
                              did_you_mean(name, std::vector<std::string_view>(names.begin(), names.end())));
  error.code = ErrorCode::unknown_table;
  return error;
}

/// The first name of the arguments, which moves past it; bare, or in brackets and quotes.
std::string take_name(std::string_view& rest, std::string_view& part) {
  const bool bracket = rest.starts_with("['") || rest.starts_with("[\"");
  const std::size_t closing = bracket ? rest.find(std::string(1, rest[1]) + "]", 2) : std::string_view::npos;
  const std::size_t size =
      bracket && closing != std::string_view::npos ? closing + 2 : std::min(rest.find_first_of(" \t\r\n,()"), rest.size());
  part = rest.substr(0, size);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n", size), rest.size()));
  return std::string(bracket && closing != std::string_view::npos ? part.substr(2, part.size() - 4) : part);
}

Status show_tables(Shell& shell, const CommandCall& call) {
  WARDIAN_ASSIGN(const auto instance, shell.instance());
  std::vector<std::string> names = instance->tables().table_names({});
  if (std::string_view rest = call.arguments; !rest.empty()) {
    if (rest.front() != '(' || rest.back() != ')')
      return command_error(call, rest, "Names of tables stand in brackets", ".show tables (A, B)");
    rest = rest.substr(1, rest.size() - 2);
    std::vector<std::string> chosen;
    while (!rest.empty()) {
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n,"), rest.size()));
      if (rest.empty()) break;
      std::string_view part;
      chosen.push_back(take_name(rest, part));
      if (part.empty()) return command_error(call, rest, "A table's name is needed here");
      WARDIAN_TRY(schema_of(shell, call, part, chosen.back()));
    }
    names = std::move(chosen);
  }
  ShowTable table({{"TableName", kString}, {"DatabaseName", kString}, {"Folder", kString}, {"DocString", kString}});
  for (const std::string& name : names) table.row({name, database(shell), "", ""});
  return table.show(shell, call);
}

Status show_table(Shell& shell, const CommandCall& call) {
  std::string_view rest = call.arguments, part;
  const std::string name = take_name(rest, part);
  if (name.empty()) return command_error(call, call.whole, "A table's name is needed", ".show table T cslschema");
  WARDIAN_ASSIGN(const Schema schema, schema_of(shell, call, part, name));
  if (rest.empty() || rest == "details") {
    ShowTable table({{"AttributeName", kString}, {"AttributeType", kString}});
    for (const columnar::Column& column : schema) table.row({column.name, std::string(columnar::type_name(column.type))});
    return table.show(shell, call);
  }
  const bool json = rest == "schema" || rest == "schema as json";
  if (!json && rest != "cslschema" && rest != "schema as csl")
    return command_error(call, rest, "A table has no such view: " + std::string(rest),
                         ".show table T shows its columns, .show table T schema as json and .show table T cslschema its schema.");
  ShowTable table(
      {{"TableName", kString}, {"Schema", kString}, {"DatabaseName", kString}, {"Folder", kString}, {"DocString", kString}});
  table.row({name, json ? json_schema(name, schema) : csl_schema(schema), database(shell), "", ""});
  return table.show(shell, call);
}

ShowTable function_table() {
  return ShowTable({{"Name", kString}, {"Parameters", kString}, {"Body", kString}, {"Folder", kString}, {"DocString", kString}});
}

Status show_functions(Shell& shell, const CommandCall& call) {
  WARDIAN_ASSIGN(const auto instance, shell.instance());
  ShowTable table = function_table();
  for (const std::string& name : instance->tables().function_names({})) {
    WARDIAN_ASSIGN(const auto stored, instance->tables().function({}, name));
    if (stored) table.row({name, stored->parameters, stored->body, "", ""});
  }
  return table.show(shell, call);
}

Status show_function(Shell& shell, const CommandCall& call) {
  WARDIAN_ASSIGN(const auto instance, shell.instance());
  std::string_view rest = call.arguments, part;
  const std::string name = take_name(rest, part);
  if (name.empty()) return command_error(call, call.whole, "A function's name is needed", ".show functions lists them.");
  WARDIAN_ASSIGN(const auto stored, instance->tables().function({}, name));
  if (!stored) {
    const std::vector<std::string> names = instance->tables().function_names({});
    Error error = command_error(call, part, "No stored function has that name: " + name,
                                did_you_mean(name, std::vector<std::string_view>(names.begin(), names.end())));
    error.code = ErrorCode::unknown_function;
    return error;
  }
  ShowTable table = function_table();
  table.row({name, stored->parameters, stored->body, "", ""});
  return table.show(shell, call);
}

Status show_databases(Shell& shell, const CommandCall& call) {
  ShowTable table({{"DatabaseName", kString},
                   {"PersistentStorage", kString},
                   {"Version", kString},
                   {"IsCurrent", Type::boolean},
                   {"DatabaseAccessMode", kString},
                   {"PrettyName", kString},
                   {"ReservedSlot1", Type::boolean},
                   {"DatabaseId", Type::guid}});
  std::vector<std::string> names = {database(shell)};
  const auto& folder = shell.options.surroundings.database_folder;
  if (folder && call.whole.find("databases") != std::string_view::npos) {
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator(*folder, code)) {
      if (entry.path().extension() == ".duckdb") names.push_back(entry.path().stem().string());
    }
  }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  for (const std::string& name : names) {
    const std::string storage = folder ? std::filesystem::absolute(*folder / (name + ".duckdb")).string() : "";
    table.row({name, storage, "v1.0", name == database(shell) ? "true" : "false", folder ? "ReadOnly" : "ReadWriteEphemeral", "",
               "", ""});
  }
  return table.show(shell, call);
}

Status show_database_schema(Shell& shell, const CommandCall& call) {
  WARDIAN_ASSIGN(const auto instance, shell.instance());
  ShowTable table({{"DatabaseName", kString},
                   {"TableName", kString},
                   {"ColumnName", kString},
                   {"ColumnType", kString},
                   {"IsDefaultTable", Type::boolean},
                   {"IsDefaultColumn", Type::boolean},
                   {"PrettyName", kString},
                   {"Version", kString},
                   {"Folder", kString},
                   {"DocString", kString}});
  const std::string& base = database(shell);
  table.row({base, "", "", "", "false", "false", "", "v1.0", "", ""});
  for (const std::string& name : instance->tables().table_names({})) {
    WARDIAN_ASSIGN(const auto found, instance->tables().find({}, name));
    if (!found) continue;
    table.row({base, name, "", "", "false", "false", "", "", "", ""});
    for (const columnar::Column& column : (*found)->schema)
      table.row(
          {base, name, column.name, std::string(columnar::runtime_type_name(column.type)), "false", "false", "", "", "", ""});
  }
  return table.show(shell, call);
}

Status show_version(Shell& shell, const CommandCall& call) {
  ShowTable table({{"BuildVersion", kString},
                   {"BuildTime", Type::datetime},
                   {"ServiceType", kString},
                   {"ProductVersion", kString},
                   {"ServiceOffering", kString}});
  table.row({WARDIAN_VERSION, "", "Engine", "wardian " WARDIAN_VERSION, ""});
  return table.show(shell, call);
}

Status show_queries(Shell& shell, const CommandCall& call) {
  ShowTable table({{"ClientActivityId", kString},
                   {"Text", kString},
                   {"Database", kString},
                   {"StartedOn", Type::datetime},
                   {"LastUpdatedOn", Type::datetime},
                   {"Duration", Type::timespan},
                   {"State", kString},
                   {"FailureReason", kString}});
  std::size_t number = 0;
  for (const QueryRecord& one : shell.queries) {
    const auto ticks = std::to_string(one.took.count() / 100);
    const char* const state = one.cancelled ? "Cancelled" : one.failure.empty() ? "Completed" : "Failed";
    table.row({std::to_string(++number), one.text, database(shell), one.started, one.started, ticks, state, one.failure});
  }
  return table.show(shell, call);
}

Status show_lets(Shell& shell, const CommandCall& call) {
  ShowTable table({{"Name", kString}, {"Statement", kString}});
  for (const auto& one : shell.declarations.all()) table.row({one.name, one.text + ";"});
  return table.show(shell, call);
}

constexpr auto kCommands = std::to_array<ShellCommand>({
    {"show database", "", "Shows the database that queries see.", &show_databases, true},
    {"show database schema", "", "Lists the columns of all tables.", &show_database_schema, true},
    {"show databases", "", "Lists the databases of the folder.", &show_databases, true},
    {"show function", "NAME", "Shows a stored function.", &show_function, true},
    {"show functions", "", "Lists the stored functions.", &show_functions, true},
    {"show lets", "", "Lists the let and set statements of the session.", &show_lets, true},
    {"show queries", "", "Lists the queries of the session, with their times.", &show_queries, true},
    {"show schema", "", "Lists the columns of all tables.", &show_database_schema, true},
    {"show table", "NAME [schema as json | cslschema]", "Lists the columns of a table, or shows its schema.", &show_table, true},
    {"show tables", "[(NAME, …)]", "Lists the tables.", &show_tables, true},
    {"show version", "", "Shows the version of the program.", &show_version, true},
});
static_assert(std::ranges::is_sorted(kCommands, {}, &ShellCommand::words));

}  // namespace

std::span<const ShellCommand> show_commands() { return kCommands; }

}  // namespace wardian::cli

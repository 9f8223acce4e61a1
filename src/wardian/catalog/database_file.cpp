#include "wardian/catalog/database_file.h"

#include <algorithm>
#include <cctype>

#include "wardian/sqltree/printer.h"

namespace wardian::catalog {

namespace fs = std::filesystem;
using columnar::Type;
using columnar::Value;

namespace {

const columnar::Schema kTexts2 = {{"a", Type::string}, {"b", Type::string}};
const columnar::Schema kTexts3 = {{"a", Type::string}, {"b", Type::string}, {"c", Type::string}};

bool sound_name(const std::string& name) {
  return !name.empty() && name.size() <= 128 && name.front() != '.' && std::ranges::all_of(name, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' || c == ' ';
  });
}

const std::string& text(const Value& value) { return std::get<std::string>(value.held); }

Status make_catalogue(engine::Connection& connection, const std::string& schema) {
  WARDIAN_ASSIGN(engine::Transaction transaction, engine::Transaction::begin(connection));
  for (const std::string& sql : {
           "CREATE SCHEMA " + schema,
           "CREATE TABLE " + schema + ".format(version INTEGER NOT NULL)",
           "INSERT INTO " + schema + ".format VALUES (" + std::to_string(kFormatVersion) + ")",
           "CREATE TABLE " + schema + ".tables(name VARCHAR PRIMARY KEY, storage_name VARCHAR NOT NULL UNIQUE)",
           "CREATE TABLE " + schema +
               ".columns(table_name VARCHAR NOT NULL, position INTEGER NOT NULL, name VARCHAR NOT NULL, "
               "storage_name VARCHAR NOT NULL, type VARCHAR NOT NULL, PRIMARY KEY (table_name, position))",
           "CREATE TABLE " + schema + ".functions(name VARCHAR PRIMARY KEY, parameters VARCHAR NOT NULL, body VARCHAR NOT NULL)",
       }) {
    WARDIAN_TRY(connection.execute(sql));
  }
  return transaction.commit();
}

Error other_version(const fs::path& file, const std::string& found) {
  return {ErrorCode::bad_database,
          "The database has another format: " + file.string() + " (" + found + ")",
          {},
          "This program reads format " + std::to_string(kFormatVersion) + "."};
}

}  // namespace

Result<DatabaseFile> DatabaseFile::open(engine::Database& engine, const fs::path& folder, const std::string& name,
                                        engine::AttachMode mode) {
  if (!sound_name(name)) {
    return Error{ErrorCode::bad_argument, "Not a name for a database: " + name, {}, "Use letters, digits, blanks and - _ ."};
  }
  const bool writing = mode == engine::AttachMode::read_write;
  const fs::path file = folder / (name + ".duckdb");
  std::error_code code;
  if (fs::exists(folder, code) && !fs::is_directory(folder, code)) {
    return Error{ErrorCode::bad_database,
                 "The database folder is a file: " + folder.string(),
                 {},
                 "Name the folder around the database files."};
  }
  if (!writing && !fs::exists(file, code)) {
    return Error{ErrorCode::file_not_found,
                 "No database here: " + file.string(),
                 {},
                 "Make one with `wardian import FILE --table NAME --db " + folder.string() + "`."};
  }
  if (writing) {
    fs::create_directories(folder, code);
    if (code)
      return Error{ErrorCode::io, "The database folder cannot be made: " + folder.string() + ": " + code.message(), {}, ""};
  }
  DatabaseFile opened(name, "db_" + name, file);
  WARDIAN_TRY(engine.attach(file, opened.alias_, mode));
  WARDIAN_ASSIGN(engine::Connection connection, engine.connect());
  WARDIAN_ASSIGN(const auto found, connection.rows("SELECT count(*) FROM information_schema.schemata WHERE catalog_name = '" +
                                                       opened.alias_ + "' AND schema_name = 'wardian'",
                                                   {{"n", Type::int64}}));
  const std::string schema = sqltree::quoted_name(opened.alias_) + ".wardian";
  if (std::get<std::int64_t>(found[0][0].held) == 0) {
    if (!writing) return other_version(file, "no catalogue");
    WARDIAN_TRY(make_catalogue(connection, schema));
    return opened;
  }
  WARDIAN_ASSIGN(const auto version, connection.rows("SELECT version::BIGINT FROM " + schema + ".format", {{"v", Type::int64}}));
  const std::int64_t held = version.empty() ? 0 : std::get<std::int64_t>(version[0][0].held);
  if (held != kFormatVersion) return other_version(file, "format " + std::to_string(held));
  return opened;
}

Result<std::vector<StoredTable>> DatabaseFile::tables(engine::Connection& connection) const {
  const std::string schema = sqltree::quoted_name(alias_) + ".wardian";
  WARDIAN_ASSIGN(const auto names,
                 connection.rows("SELECT name, storage_name FROM " + schema + ".tables ORDER BY name", kTexts2));
  std::vector<StoredTable> tables;
  for (const engine::Row& row : names) {
    StoredTable table{text(row[0]), text(row[1]), {}, {}};
    std::string quoted;
    for (const char c : table.name) quoted += c == '\'' ? std::string("''") : std::string(1, c);
    WARDIAN_ASSIGN(const auto columns, connection.rows("SELECT name, storage_name, type FROM " + schema +
                                                           ".columns WHERE table_name = '" + quoted + "' ORDER BY position",
                                                       kTexts3));
    for (const engine::Row& column : columns) {
      const auto type = columnar::type_from_name(text(column[2]));
      if (!type) return Error{ErrorCode::bad_database, "The catalogue names an unknown type: " + text(column[2]), {}, ""};
      table.schema.push_back({text(column[0]), *type});
      table.storage_columns.push_back(text(column[1]));
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

Result<std::vector<StoredFunctionText>> DatabaseFile::functions(engine::Connection& connection) const {
  const std::string schema = sqltree::quoted_name(alias_) + ".wardian";
  WARDIAN_ASSIGN(const auto rows,
                 connection.rows("SELECT name, parameters, body FROM " + schema + ".functions ORDER BY name", kTexts3));
  std::vector<StoredFunctionText> functions;
  for (const engine::Row& row : rows) functions.push_back({text(row[0]), text(row[1]), text(row[2])});
  return functions;
}

}  // namespace wardian::catalog

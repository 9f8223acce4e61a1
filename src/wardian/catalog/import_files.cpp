#include "wardian/catalog/import_files.h"

#include <algorithm>
#include <cctype>

#include "wardian/columnar/unique_names.h"
#include "wardian/sqltree/column_type.h"
#include "wardian/sqltree/printer.h"

namespace wardian::catalog {

using columnar::Type;
using columnar::Value;
using sqltree::quoted_name;

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Value text_value(const std::string& text) { return {Type::string, text}; }

std::string described(const columnar::Schema& schema) {
  std::string out;
  for (const columnar::Column& column : schema) {
    out += (out.empty() ? "" : ", ") + column.name + ":" + std::string(columnar::type_name(column.type));
  }
  return out;
}

class Importer {
 public:
  Importer(engine::Connection& connection, const DatabaseFile& database, const Import& import)
      : connection_(connection),
        import_(import),
        database_(database),
        catalogue_(quoted_name(database.alias()) + ".wardian"),
        main_(quoted_name(database.alias()) + ".main.") {}

  Result<Imported> run() {
    if (import_.table.empty()) return Error{ErrorCode::bad_argument, "The table needs a name", {}, "Give one with --table NAME."};
    WARDIAN_ASSIGN(engine::Transaction transaction, engine::Transaction::begin(connection_));
    WARDIAN_ASSIGN(std::vector<StoredTable> tables, database_.tables(connection_));
    const auto existing = std::ranges::find(tables, import_.table, &StoredTable::name);
    StoredTable table;
    if (existing == tables.end() || import_.if_exists == IfTableExists::replace) {
      if (existing != tables.end()) {
        WARDIAN_TRY(drop(*existing));
        tables.erase(existing);
      }
      WARDIAN_ASSIGN(table, create(tables));
    } else if (import_.if_exists == IfTableExists::append) {
      table = *existing;
    } else {
      return Error{ErrorCode::table_exists,
                   "The table exists already: " + import_.table,
                   {},
                   "Add rows to it with --append, or put these in its place with --replace."};
    }
    Imported imported{0, table.schema};
    for (const std::filesystem::path& file : import_.files) {
      if (!first_) {  // the first file of a new table was looked into to make it
        WARDIAN_ASSIGN(first_, open(file, table.schema));
      }
      WARDIAN_ASSIGN(const std::uint64_t rows, fill(table, file, *std::exchange(first_, std::nullopt)));
      imported.rows += rows;
    }
    WARDIAN_TRY(transaction.commit());
    return imported;
  }

 private:
  Status drop(const StoredTable& table) {
    const std::vector<Value> name = {text_value(table.name)};
    WARDIAN_TRY(connection_.execute("DROP TABLE " + main_ + quoted_name(table.storage_table)));
    WARDIAN_TRY(connection_.execute("DELETE FROM " + catalogue_ + ".columns WHERE table_name = ?", name));
    return connection_.execute("DELETE FROM " + catalogue_ + ".tables WHERE name = ?", name);
  }

  Result<StoredTable> create(const std::vector<StoredTable>& others) {
    StoredTable table;
    table.name = import_.table;
    WARDIAN_ASSIGN(first_, open(import_.files.front(), import_.declared));
    table.schema = first_->schema;
    table.storage_columns = columnar::unique_names(table.schema);
    table.storage_table = table.name;
    const auto taken = [&](const std::string& name) {
      return std::ranges::any_of(others, [&](const StoredTable& other) { return lower(other.storage_table) == lower(name); });
    };
    for (int number = 2; taken(table.storage_table); ++number) table.storage_table = table.name + "_" + std::to_string(number);

    std::string columns;
    for (std::size_t at = 0; at < table.schema.size(); ++at) {
      columns += (at == 0 ? "" : ", ") + quoted_name(table.storage_columns[at]) + " " +
                 std::string(sqltree::column_type(table.schema[at].type));
    }
    WARDIAN_TRY(connection_.execute("CREATE TABLE " + main_ + quoted_name(table.storage_table) + "(" + columns + ")"));
    WARDIAN_TRY(connection_.execute("INSERT INTO " + catalogue_ + ".tables VALUES (?, ?)",
                                    std::vector<Value>{text_value(table.name), text_value(table.storage_table)}));
    for (std::size_t at = 0; at < table.schema.size(); ++at) {
      const std::vector<Value> row = {text_value(table.name),
                                      {Type::int64, static_cast<std::int64_t>(at)},
                                      text_value(table.schema[at].name),
                                      text_value(table.storage_columns[at]),
                                      text_value(std::string(columnar::type_name(table.schema[at].type)))};
      WARDIAN_TRY(connection_.execute("INSERT INTO " + catalogue_ + ".columns VALUES (?, ?, ?, ?, ?)", row));
    }
    return table;
  }

  Result<ForeignFile> open(const std::filesystem::path& file, std::optional<columnar::Schema> declared) {
    ReadOptions options;
    options.declared = std::move(declared);
    options.only_declared = !import_.declared;
    options.inspect_all = true;  // a value far down may not fit the type that the first rows suggest
    step("looking at " + file.filename().string());
    return open_foreign_file(connection_, file, options);
  }

  Result<std::uint64_t> fill(const StoredTable& table, const std::filesystem::path& file, const ForeignFile& opened) {
    if (import_.declared && import_.if_exists == IfTableExists::append && *import_.declared != table.schema) {
      return Error{ErrorCode::type_mismatch, "The table has other columns than --schema: " + described(table.schema), {}, ""};
    }
    std::string columns;
    for (const std::string& name : table.storage_columns) columns += (columns.empty() ? "" : ", ") + quoted_name(name);
    const std::string target = main_ + quoted_name(table.storage_table);
    WARDIAN_ASSIGN(const std::uint64_t before, count(target));
    step(file.filename().string() + " into " + table.name);
    const Status inserted = connection_.execute("INSERT INTO " + target + "(" + columns + ") " + sqltree::print(*opened.query));
    if (!inserted.ok()) {
      Error error = inserted.error();
      if (error.code == ErrorCode::execution || error.code == ErrorCode::overflow || error.code == ErrorCode::io) {
        error.code = ErrorCode::bad_file;
        error.message =
            "The file does not fit the columns (" + described(table.schema) + "): " + file.string() + ": " + error.message;
      }
      if (error.code == ErrorCode::bad_file) {
        error.hint =
            error.hint.empty() ? "Name other types with --schema; nothing was imported." : error.hint + " Nothing was imported.";
      }
      return error;
    }
    WARDIAN_ASSIGN(const std::uint64_t after, count(target));
    return after - before;
  }

  Result<std::uint64_t> count(const std::string& target) {
    WARDIAN_ASSIGN(const auto rows, connection_.rows("SELECT count(*) FROM " + target, {{"n", Type::int64}}));
    return static_cast<std::uint64_t>(std::get<std::int64_t>(rows[0][0].held));
  }

  void step(const std::string& text) const {
    if (import_.on_step) import_.on_step(text);
  }

  engine::Connection& connection_;
  const Import& import_;
  const DatabaseFile& database_;
  std::string catalogue_;
  std::string main_;
  std::optional<ForeignFile> first_;  // opened already
};

}  // namespace

Result<Imported> import_files(engine::Connection& connection, const DatabaseFile& database, const Import& import) {
  return Importer(connection, database, import).run();
}

}  // namespace wardian::catalog

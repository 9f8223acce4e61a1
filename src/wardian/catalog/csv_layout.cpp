#include "wardian/catalog/csv_layout.h"

#include "wardian/sqltree/build.h"
#include "wardian/sqltree/printer.h"

namespace wardian::catalog {

namespace sql = wardian::sqltree;
using columnar::Type;

namespace {

const std::string& text(const columnar::Value& value) { return std::get<std::string>(value.held); }

/// The engine's word for "none".
std::string or_nothing(const columnar::Value& value) { return value.is_null() || text(value) == "(empty)" ? "" : text(value); }

/// A format that only the file can tell; dates with the year first are read without one.
std::string peculiar(const columnar::Value& value) {
  const std::string format = or_nothing(value);
  return format.starts_with("%Y") ? "" : format;
}

}  // namespace

sql::ExprPtr named_argument(std::string name, sql::ExprPtr value) {
  return sql::binary("=", sql::column(std::move(name)), std::move(value));
}

sql::QueryPtr select_all(sql::Call call) {
  sql::Select select;
  select.items.push_back({sql::make(sql::Star{}), ""});
  select.from = std::make_shared<const sql::TableRef>(sql::TableRef{sql::FunctionTable{std::move(call), "", {}}});
  return sql::query(std::move(select));
}

namespace {

/// With a delimiter, lines that do not fit it are passed over here: reading will name them.
Result<CsvLayout> sniff(engine::Connection& connection, const std::filesystem::path& file, const std::string& delimiter) {
  sql::Call call{"sniff_csv", {sql::string(file.string())}, false, {}, nullptr};
  if (!delimiter.empty()) {
    call.arguments.push_back(named_argument("delim", sql::string(delimiter)));
    call.arguments.push_back(named_argument("ignore_errors", sql::boolean(true)));
  }
  const std::string query =
      "SELECT unnest(Columns).name, HasHeader, Delimiter, Quote, Escape, SkipRows::BIGINT, DateFormat, TimestampFormat FROM (" +
      sql::print(*select_all(std::move(call))) + ")";
  WARDIAN_ASSIGN(const std::vector<engine::Row> rows, connection.rows(query, {{"name", Type::string},
                                                                              {"header", Type::boolean},
                                                                              {"delimiter", Type::string},
                                                                              {"quote", Type::string},
                                                                              {"escape", Type::string},
                                                                              {"skipped", Type::int64},
                                                                              {"date", Type::string},
                                                                              {"timestamp", Type::string}}));
  CsvLayout layout;
  for (const engine::Row& row : rows) {
    layout.names.push_back(text(row[0]));
    layout.header = std::get<bool>(row[1].held);
    layout.delimiter = text(row[2]);
    // Where the first rows have no quotes, later ones may.
    layout.quote = or_nothing(row[3]).empty() ? "\"" : text(row[3]);
    layout.escape = or_nothing(row[4]).empty() ? layout.quote : text(row[4]);
    layout.skipped_lines = std::get<std::int64_t>(row[5].held);
    layout.date_format = peculiar(row[6]);
    layout.timestamp_format = peculiar(row[7]);
  }
  return layout;
}

}  // namespace

Result<CsvLayout> csv_layout(engine::Connection& connection, const std::filesystem::path& file, const std::string& delimiter) {
  if (!delimiter.empty()) return sniff(connection, file, delimiter);
  Result<CsvLayout> layout = sniff(connection, file, "");
  // One short line among others makes the engine think that the lines are not divided at all.
  const bool undivided = layout.ok() && layout->names.size() == 1 && layout->names[0].find(',') != std::string::npos;
  return undivided ? sniff(connection, file, ",") : layout;
}

sql::Call read_csv(const std::filesystem::path& file, const CsvLayout& layout) {
  sql::StructLiteral columns;
  for (const std::string& name : layout.names) columns.fields.emplace_back(name, sql::string("VARCHAR"));
  sql::Call call{"read_csv", {sql::string(file.string())}, false, {}, nullptr};
  for (auto& [name, value] : std::initializer_list<std::pair<const char*, sql::ExprPtr>>{
           {"auto_detect", sql::boolean(false)},
           {"header", sql::boolean(layout.header)},
           {"delim", sql::string(layout.delimiter)},
           {"quote", sql::string(layout.quote)},
           {"escape", sql::string(layout.escape)},
           {"skip", sql::integer(layout.skipped_lines)},
           {"columns", sql::make(std::move(columns))},
       }) {
    call.arguments.push_back(named_argument(name, value));
  }
  return call;
}

}  // namespace wardian::catalog

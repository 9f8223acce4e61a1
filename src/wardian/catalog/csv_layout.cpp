#include "wardian/catalog/csv_layout.h"

#include <algorithm>

#include "wardian/engine/unreadable_file.h"
#include "wardian/sqltree/build.h"
#include "wardian/sqltree/printer.h"

namespace wardian::catalog {

namespace sql = wardian::sqltree;
using columnar::Type;

namespace {

const std::string& text(const columnar::Value& value) { return std::get<std::string>(value.held); }

/// The engine's word for "none".
std::string or_nothing(const columnar::Value& value) { return value.is_null() || text(value) == "(empty)" ? "" : text(value); }

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
  call.arguments.push_back(named_argument("comment", sql::string("")));  // lines that begin with # are lines
  if (!delimiter.empty()) {
    call.arguments.push_back(named_argument("delim", sql::string(delimiter)));
    call.arguments.push_back(named_argument("ignore_errors", sql::boolean(true)));
  }
  const std::string query = "SELECT unnest(Columns).name, HasHeader, Delimiter, Quote, Escape, SkipRows::BIGINT FROM (" +
                            sql::print(*select_all(std::move(call))) + ")";
  WARDIAN_ASSIGN(const std::vector<engine::Row> rows, connection.rows(query, {{"name", Type::string},
                                                                              {"header", Type::boolean},
                                                                              {"delimiter", Type::string},
                                                                              {"quote", Type::string},
                                                                              {"escape", Type::string},
                                                                              {"skipped", Type::int64}}));
  CsvLayout layout;
  for (const engine::Row& row : rows) {
    layout.names.push_back(text(row[0]));
    layout.header = std::get<bool>(row[1].held);
    layout.delimiter = text(row[2]);
    // Where the first rows have no quotes, later ones may.
    layout.quote = or_nothing(row[3]).empty() ? "\"" : text(row[3]);
    layout.escape = or_nothing(row[4]).empty() ? layout.quote : text(row[4]);
    layout.skipped_lines = std::get<std::int64_t>(row[5].held);
  }
  return layout;
}

/// The file's first lines, whatever is in them.
Result<std::vector<std::string>> first_lines(engine::Connection& connection, const std::filesystem::path& file,
                                             std::int64_t count) {
  sql::StructLiteral columns;
  columns.fields.emplace_back("line", sql::string("VARCHAR"));
  sql::Call call{"read_csv", {sql::string(file.string())}, false, {}, nullptr};
  for (auto& [name, value] : std::initializer_list<std::pair<const char*, sql::ExprPtr>>{
           {"auto_detect", sql::boolean(false)},
           {"header", sql::boolean(false)},
           {"delim", sql::string("\x1f")},  // the separator of units, which a text does not hold
           {"quote", sql::string("")},
           {"escape", sql::string("")},
           {"strict_mode", sql::boolean(false)},
           {"columns", sql::make(std::move(columns))},
       }) {
    call.arguments.push_back(named_argument(name, value));
  }
  sql::Query lines = *select_all(std::move(call));
  lines.limit = sql::integer(count);
  WARDIAN_ASSIGN(const std::vector<engine::Row> rows, connection.rows(sql::print(lines), {{"line", Type::string}}));
  std::vector<std::string> texts;
  for (const engine::Row& row : rows) texts.push_back(row[0].is_null() ? "" : text(row[0]));
  return texts;
}

/// The engine passes over lines at the beginning until the others agree: a header that has another number of fields than the rows is
/// lost, and rows with it. Then the first line counts, and reading names the one that does not fit it.
Result<CsvLayout> from_the_first_line(engine::Connection& connection, const std::filesystem::path& file,
                                      const CsvLayout& layout) {
  const auto is_blank = [](const std::string& line) { return line.find_first_not_of(" \t\r") == std::string::npos; };
  WARDIAN_ASSIGN(const std::vector<std::string> lines, first_lines(connection, file, layout.skipped_lines));
  const auto first = std::ranges::find_if_not(lines, is_blank);
  if (first == lines.end()) return layout;
  WARDIAN_ASSIGN(CsvLayout strict, sniff(connection, file, layout.delimiter));
  if (strict.skipped_lines <= first - lines.begin()) return strict;
  return Error{ErrorCode::bad_file,
               std::string(engine::kUnreadableFile) + file.string() + ": line " + std::to_string(first - lines.begin() + 1) +
                   " has other fields than later lines: " + first->substr(0, 80),
               {},
               "Every line needs as many fields as the first; what stands before the table is to be taken away."};
}

Result<CsvLayout> told_or_given(engine::Connection& connection, const std::filesystem::path& file, const std::string& delimiter) {
  if (!delimiter.empty()) return sniff(connection, file, delimiter);
  Result<CsvLayout> layout = sniff(connection, file, "");
  // One short line among others makes the engine think that the lines are not divided at all.
  if (!layout.ok() || layout->names.size() != 1) return layout;
  const std::size_t sign = layout->names[0].find_first_of(",;\t|");
  return sign == std::string::npos ? layout : sniff(connection, file, layout->names[0].substr(sign, 1));
}

}  // namespace

Result<CsvLayout> csv_layout(engine::Connection& connection, const std::filesystem::path& file, const std::string& delimiter) {
  WARDIAN_ASSIGN(CsvLayout layout, told_or_given(connection, file, delimiter));
  return layout.skipped_lines == 0 ? Result<CsvLayout>(std::move(layout)) : from_the_first_line(connection, file, layout);
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

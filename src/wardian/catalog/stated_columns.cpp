#include "wardian/catalog/stated_columns.h"

#include <algorithm>

#include "wardian/catalog/csv_layout.h"
#include "wardian/catalog/text_column.h"
#include "wardian/columnar/arrow_file.h"
#include "wardian/columnar/ticks.h"
#include "wardian/sqltree/build.h"
#include "wardian/sqltree/column_type.h"
#include "wardian/sqltree/printer.h"

namespace wardian::catalog {

namespace sql = wardian::sqltree;
using columnar::FileColumn;
using columnar::FileUnit;
using columnar::Type;
using sql::ExprPtr;

namespace {

Result<std::string> parquet_metadata(engine::Connection& connection, const std::filesystem::path& file) {
  // Other keys may hold bytes that are no text.
  const ExprPtr text = sql::call("try", {sql::call("decode", {sql::column("value")})});
  sql::Select select;
  select.items.push_back({text, ""});
  select.from =
      std::get<sql::Select>(select_all({"parquet_kv_metadata", {sql::string(file.string())}, false, {}, nullptr})->body).from;
  const ExprPtr key = sql::cast(sql::string(std::string(columnar::kFileColumnsKey)), "BLOB");
  select.where = sql::binary("AND", sql::binary("=", sql::column("key"), key), sql::is_not_null(text));
  WARDIAN_ASSIGN(const std::vector<engine::Row> found,
                 connection.rows(sql::print(*sql::query(std::move(select))), {{"value", Type::string}}));
  return found.empty() ? std::string() : std::get<std::string>(found[0][0].held);
}

}  // namespace

Result<std::vector<FileColumn>> stated_columns(engine::Connection& connection, const std::filesystem::path& file,
                                               FileFormat format, const std::vector<engine::ForeignColumn>& columns) {
  std::vector<FileColumn> stated(columns.size());
  std::string text;
  std::vector<std::size_t> durations;
  if (format == FileFormat::parquet) {
    WARDIAN_ASSIGN(text, parquet_metadata(connection, file));
  } else if (format == FileFormat::arrow) {
    WARDIAN_ASSIGN(const auto opened, columnar::open_arrow_file(file.string(), {}));
    text = opened->metadata(std::string(columnar::kFileColumnsKey));
    durations = opened->nanosecond_durations();
  }
  const std::vector<FileColumn> said = text.empty() ? std::vector<FileColumn>() : columnar::read_file_columns(text);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto found = std::ranges::find(said, columns[i].name, &FileColumn::name);
    if (found != said.end()) stated[i] = *found;
  }
  for (const std::size_t i : durations) {
    if (i < stated.size()) stated[i] = {columns[i].name, Type::timespan, FileUnit::nanoseconds};
  }
  return stated;
}

std::optional<ConvertedColumn> convert_stated(const FileColumn& stated, std::string_view foreign, const ExprPtr& value,
                                              const std::string& complaint) {
  if (stated.type == Type::guid && foreign == "VARCHAR")
    return ConvertedColumn{Type::guid, value_or_complaint(value, Type::guid, complaint)};
  if (stated.type == Type::dynamic && foreign == "VARCHAR" && !stated.name.empty())
    return ConvertedColumn{Type::dynamic, sql::cast(sql::cast(value, "JSON"), std::string(sql::column_type(Type::dynamic)))};
  if (foreign != "BIGINT" || stated.unit == FileUnit::none) return std::nullopt;
  if (stated.type == Type::timespan) {
    switch (stated.unit) {
      case FileUnit::nanoseconds: {
        // Rounds down, also below zero.
        const ExprPtr ticks = sql::binary("//", value, sql::integer(columnar::kNanosecondsPerTick));
        const ExprPtr rest = sql::binary("%", value, sql::integer(columnar::kNanosecondsPerTick));
        return ConvertedColumn{Type::timespan, sql::if_else(sql::binary("<", rest, sql::integer(0)),
                                                            sql::binary("-", ticks, sql::integer(1)), ticks)};
      }
      case FileUnit::microseconds:
        return ConvertedColumn{Type::timespan, sql::binary("*", value, sql::integer(columnar::kTicksPerMicrosecond))};
      case FileUnit::ticks: return ConvertedColumn{Type::timespan, value};
      case FileUnit::none: break;
    }
  }
  if (stated.type == Type::datetime && stated.unit == FileUnit::ticks) {
    const ExprPtr inside = sql::binary("AND", sql::binary(">=", value, sql::integer(0)),
                                       sql::binary("<=", value, sql::integer(columnar::kTicksMax)));
    const ExprPtr message = sql::binary("||", sql::string(complaint), sql::cast(value, "VARCHAR"));
    const ExprPtr refused = sql::cast(sql::call("error", {message}), std::string(sql::column_type(Type::datetime)));
    return ConvertedColumn{Type::datetime, sql::if_else(inside, value, sql::if_else(sql::is_null(value), sql::null(), refused))};
  }
  return std::nullopt;
}

}  // namespace wardian::catalog

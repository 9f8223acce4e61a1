#include "wardian/catalog/foreign_file.h"

#include <algorithm>
#include <array>

#include "wardian/base/similar_name.h"
#include "wardian/catalog/foreign_column.h"
#include "wardian/catalog/storage_type.h"
#include "wardian/sqltree/build.h"
#include "wardian/sqltree/printer.h"

namespace wardian::catalog {

namespace fs = std::filesystem;
namespace sql = wardian::sqltree;
using columnar::Column;
using columnar::Schema;
using columnar::Type;
using engine::ForeignColumn;

namespace {

sql::ExprPtr named(std::string name, sql::ExprPtr value) {
  return sql::binary("=", sql::column(std::move(name)), std::move(value));
}

sql::QueryPtr select_all(sql::Call reader) {
  sql::Select select;
  select.items.push_back({sql::make(sql::Star{}), ""});
  select.from = std::make_shared<const sql::TableRef>(sql::TableRef{sql::FunctionTable{std::move(reader), "", {}}});
  return sql::query(std::move(select));
}

/// The type to read a declared column's text as: the reader's own conversions name the line that fails.
std::string_view reader_type(Type declared) {
  return declared == Type::datetime ? "TIMESTAMP" : declared == Type::timespan ? "VARCHAR" : storage_type(declared);
}

/// What programs write for "no value" in a column of numbers or times. In a column of texts these stay what they are: "NA"
/// is also Namibia.
constexpr std::array<const char*, 6> kMissingMarks = {"NA", "N/A", "NULL", "null", "NaN", "nan"};

sql::ExprPtr missing_marks() {
  std::vector<sql::ExprPtr> marks = {sql::string("")};
  for (const char* mark : kMissingMarks) marks.push_back(sql::string(mark));
  return sql::make(sql::ListLiteral{std::move(marks)});
}

/// The text with its marks as null.
sql::ExprPtr without_marks(const sql::ExprPtr& text) {
  sql::InList marked{text, {}, false};
  for (const char* mark : kMissingMarks) marked.items.push_back(sql::string(mark));
  return sql::if_else(sql::make(std::move(marked)), sql::null(), text);
}

sql::Call reader(FileFormat format, const fs::path& file, const ReadOptions& options,
                 const std::vector<std::pair<std::string, Type>>& read_as) {
  sql::Call call;
  call.arguments.push_back(sql::string(file.string()));
  switch (format) {
    case FileFormat::parquet: call.function = "read_parquet"; return call;
    case FileFormat::json_lines: {
      call.function = "read_json";
      call.arguments.push_back(named("format", sql::string("auto")));
      if (options.inspect_all) call.arguments.push_back(named("sample_size", sql::integer(-1)));
      return call;
    }
    case FileFormat::csv:
    case FileFormat::tsv:
    case FileFormat::arrow: break;
  }
  call.function = "read_csv";
  if (format == FileFormat::tsv) call.arguments.push_back(named("delim", sql::string("\t")));
  if (options.inspect_all) call.arguments.push_back(named("sample_size", sql::integer(-1)));
  if (!read_as.empty()) {
    sql::StructLiteral types;
    for (const auto& [name, type] : read_as) types.fields.emplace_back(name, sql::string(std::string(reader_type(type))));
    call.arguments.push_back(named("types", sql::make(std::move(types))));
  }
  return call;
}

Error about_file(Error error, const fs::path& file) {
  if (error.code == ErrorCode::file_not_found || error.code == ErrorCode::cancelled || error.code == ErrorCode::out_of_memory)
    return error;
  error.code = ErrorCode::bad_file;
  error.message = "The file cannot be read: " + file.string() + ": " + error.message;
  error.hint.clear();
  return error;
}

bool names_are_made_up(const std::vector<ForeignColumn>& columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string plain = "column" + std::to_string(i);
    const std::string padded = "column" + std::string(i < 10 ? 1 : 0, '0') + std::to_string(i);
    if (columns[i].name != plain && columns[i].name != padded) return false;
  }
  return true;
}

/// Which of the file's columns each declared one is.
Result<std::vector<std::size_t>> match_declared(const std::vector<ForeignColumn>& columns, const Schema& declared,
                                                const fs::path& file) {
  std::vector<std::string_view> names;
  for (const ForeignColumn& column : columns) names.push_back(column.name);
  std::vector<std::size_t> matched;
  const bool by_position = names_are_made_up(columns) && declared.size() == columns.size();
  for (std::size_t i = 0; i < declared.size(); ++i) {
    if (by_position) {
      matched.push_back(i);
      continue;
    }
    const auto found = std::ranges::find(names, declared[i].name);
    if (found == names.end()) {
      std::string listed;
      for (const std::string_view name : names) listed += (listed.empty() ? "" : ", ") + std::string(name);
      const std::string hint = did_you_mean(declared[i].name, names);
      return Error{ErrorCode::unknown_name,
                   "The file has no column '" + declared[i].name + "': " + file.string(),
                   {},
                   hint.empty() ? "Its columns are: " + listed : hint};
    }
    matched.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  return matched;
}

}  // namespace

std::optional<FileFormat> file_format(const fs::path& file) {
  const auto lower = [](std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
  };
  fs::path name = file.filename();
  if (const std::string packed = lower(name.extension().string()); packed == ".gz" || packed == ".zst") name = name.stem();
  const std::string extension = lower(name.extension().string());
  if (extension == ".csv") return FileFormat::csv;
  if (extension == ".tsv" || extension == ".tab") return FileFormat::tsv;
  if (extension == ".json" || extension == ".jsonl" || extension == ".ndjson") return FileFormat::json_lines;
  if (extension == ".parquet") return FileFormat::parquet;
  if (extension == ".arrow" || extension == ".feather" || extension == ".ipc") return FileFormat::arrow;
  return {};
}

Result<ForeignFile> open_foreign_file(engine::Connection& connection, const fs::path& file, const ReadOptions& options) {
  std::error_code code;
  const fs::file_status status = fs::status(file, code);
  if (!fs::exists(status)) return Error{ErrorCode::file_not_found, "No such file: " + file.string(), {}, {}};
  if (!fs::is_regular_file(status)) return Error{ErrorCode::bad_file, "Not a file: " + file.string(), {}, {}};
  if (fs::file_size(file, code) == 0) return Error{ErrorCode::bad_file, "The file is empty: " + file.string(), {}, {}};
  const std::optional<FileFormat> format = options.format ? options.format : file_format(file);
  if (!format)
    return Error{ErrorCode::bad_file,
                 "Unknown kind of file: " + file.string(),
                 {},
                 "Names end in .csv, .tsv, .jsonl, .json or .parquet, possibly followed by .gz or .zst."};
  if (*format == FileFormat::arrow)
    return Error{ErrorCode::not_supported, "Arrow files cannot be read yet: " + file.string(), {}, "Convert it to Parquet."};

  std::vector<std::pair<std::string, Type>> read_as;
  sql::QueryPtr source = select_all(reader(*format, file, options, read_as));
  Result<std::vector<ForeignColumn>> described = connection.describe(sql::print(*source));
  if (!described.ok()) return about_file(std::move(described).error(), file);
  if (described->empty()) return Error{ErrorCode::bad_file, "The file has no columns: " + file.string(), {}, {}};

  std::vector<std::size_t> wanted;
  if (options.declared) {
    WARDIAN_ASSIGN(wanted, match_declared(*described, *options.declared, file));
    if (*format == FileFormat::csv || *format == FileFormat::tsv) {
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        // A column of texts that is wanted as numbers may hold marks for missing values: its texts are converted below.
        const std::string& found = (*described)[wanted[i]].type;
        if (found != "VARCHAR") read_as.emplace_back((*described)[wanted[i]].name, (*options.declared)[i].type);
      }
      source = select_all(reader(*format, file, options, read_as));
      described = connection.describe(sql::print(*source));
      if (!described.ok()) return about_file(std::move(described).error(), file);
    }
  } else {
    for (std::size_t i = 0; i < described->size(); ++i) wanted.push_back(i);
  }
  // Columns that hold texts only because of marks for missing values: their type without those.
  std::vector<ForeignColumn> unmarked = *described;
  if (!options.declared && (*format == FileFormat::csv || *format == FileFormat::tsv)) {
    sql::Call tolerant = reader(*format, file, options, {});
    tolerant.arguments.push_back(named("nullstr", missing_marks()));
    auto again = connection.describe(sql::print(*select_all(std::move(tolerant))));
    if (again.ok() && again->size() == described->size()) unmarked = std::move(again).value();
  }

  ForeignFile opened;
  sql::Select select;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const ForeignColumn& column = (*described)[wanted[i]];
    const sql::ExprPtr value = sql::column(column.name);
    if (options.declared) {
      const Column& declared = (*options.declared)[i];
      const bool text = column.type == "VARCHAR" && declared.type != Type::string && declared.type != Type::dynamic;
      WARDIAN_ASSIGN(const sql::ExprPtr converted,
                     convert_declared(column.type, text ? without_marks(value) : value, declared.type));
      select.items.push_back({converted, "c" + std::to_string(i)});
      opened.schema.push_back(declared);
    } else {
      const bool marked = column.type == "VARCHAR" && unmarked[wanted[i]].type != "VARCHAR";
      const std::string& type = marked ? unmarked[wanted[i]].type : column.type;
      const ConvertedColumn converted = convert_foreign(type, marked ? sql::cast(without_marks(value), type) : value);
      select.items.push_back({converted.expr, "c" + std::to_string(i)});
      opened.schema.push_back({column.name, converted.type});
    }
  }
  select.from = std::get<sql::Select>(source->body).from;
  opened.query = sql::query(std::move(select));
  return opened;
}

}  // namespace wardian::catalog

#include "wardian/catalog/foreign_file.h"

#include <algorithm>

#include "wardian/base/similar_name.h"
#include "wardian/catalog/csv_layout.h"
#include "wardian/catalog/foreign_column.h"
#include "wardian/catalog/stated_columns.h"
#include "wardian/catalog/text_column.h"
#include "wardian/engine/unreadable_file.h"
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

// So many rows suggest the types of a file that is shown; an import looks at all.
constexpr std::int64_t kInferenceRows = 20'480;

Error about_file(Error error, const fs::path& file) {
  if (error.code == ErrorCode::file_not_found || error.code == ErrorCode::cancelled || error.code == ErrorCode::out_of_memory)
    return error;
  if (error.code == ErrorCode::bad_file) return error;  // says so already
  const bool not_text = error.message.find("not utf-8 encoded") != std::string::npos;
  error.hint = not_text ? "Save it as UTF-8." : "";
  error.code = ErrorCode::bad_file;
  error.message = std::string(engine::kUnreadableFile) + file.string() + ": " + error.message;
  return error;
}

std::string complaint_of(const fs::path& file, const std::string& column, Type type) {
  return std::string(engine::kUnreadableFile) + file.string() + ": column " + column + ": not of type " +
         std::string(type_name(type)) + ": ";
}

bool names_are_made_up(const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string plain = "column" + std::to_string(i);
    const std::string padded = "column" + std::string(i < 10 ? 1 : 0, '0') + std::to_string(i);
    if (names[i] != plain && names[i] != padded) return false;
  }
  return true;
}

/// Which of the file's columns each declared one is.
Result<std::vector<std::size_t>> match_declared(const std::vector<std::string>& names, const Schema& declared,
                                                const fs::path& file) {
  std::vector<std::size_t> matched;
  const bool by_position = names_are_made_up(names) && declared.size() == names.size();
  for (std::size_t i = 0; i < declared.size(); ++i) {
    if (by_position) {
      matched.push_back(i);
      continue;
    }
    const auto found = std::ranges::find(names, declared[i].name);
    if (found == names.end()) {
      std::string listed;
      for (const std::string& name : names) listed += (listed.empty() ? "" : ", ") + name;
      const std::string hint = did_you_mean(declared[i].name, std::vector<std::string_view>(names.begin(), names.end()));
      return Error{ErrorCode::unknown_name,
                   "The file has no column '" + declared[i].name + "': " + file.string(),
                   {},
                   hint.empty() ? "Its columns are: " + listed : hint};
    }
    matched.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  return matched;
}

/// The columns that are wanted, by their places in the file, and what each is to be: as declared, or what `inferred` says.
struct Choice {
  std::vector<std::size_t> places;
  Schema schema;
};

Result<Choice> choose(const std::vector<std::string>& names, const ReadOptions& options, const fs::path& file) {
  Choice choice;
  if (options.declared) {
    WARDIAN_ASSIGN(choice.places, match_declared(names, *options.declared, file));
    choice.schema = *options.declared;
    for (std::size_t i = 0; options.only_declared && i < names.size(); ++i) {
      if (std::ranges::find(choice.places, i) != choice.places.end()) continue;
      return Error{ErrorCode::unknown_name,
                   "The table has no column '" + names[i] + "', which the file has: " + file.string(),
                   {},
                   "Name the columns to take with --schema."};
    }
    return choice;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    choice.places.push_back(i);
    choice.schema.push_back({names[i], Type::string});
  }
  return choice;
}

/// SELECT the expressions AS c0, c1, … FROM what `source` selects from.
ForeignFile selected(std::vector<sql::ExprPtr> values, Schema schema, const sql::QueryPtr& source) {
  sql::Select select;
  for (std::size_t i = 0; i < values.size(); ++i) select.items.push_back({std::move(values[i]), "c" + std::to_string(i)});
  select.from = std::get<sql::Select>(source->body).from;
  return {std::move(schema), sql::query(std::move(select))};
}

/// The first of `candidates` that all texts of a column stand for, else string; for each column, in one pass over the rows.
Result<std::vector<Type>> infer(engine::Connection& connection, std::span<const sql::ExprPtr> columns,
                                std::span<const Type> candidates, const sql::QueryPtr& rows, bool all_rows) {
  if (columns.empty()) return std::vector<Type>();
  sql::Query looked_at = *rows;
  if (!all_rows) looked_at.limit = sql::integer(kInferenceRows);
  sql::Select select;
  Schema answers;
  for (const sql::ExprPtr& column : columns) {
    for (const Type type : candidates) {
      select.items.push_back({all_stand_for(column, type), ""});
      answers.push_back({"fits", Type::boolean});
    }
  }
  select.from = sql::derived(std::make_shared<const sql::Query>(std::move(looked_at)), "t");
  WARDIAN_ASSIGN(const std::vector<engine::Row> found, connection.rows(sql::print(*sql::query(std::move(select))), answers));
  std::vector<Type> types;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Type fitting = Type::string;
    for (std::size_t candidate = candidates.size(); candidate-- > 0;) {
      const columnar::Value& fits = found[0][i * candidates.size() + candidate];
      if (!fits.is_null() && std::get<bool>(fits.held)) fitting = candidates[candidate];
    }
    types.push_back(fitting);
  }
  return types;
}

Result<ForeignFile> open_separated(engine::Connection& connection, const fs::path& file, const ReadOptions& options,
                                   const std::string& delimiter) {
  WARDIAN_ASSIGN(const CsvLayout layout, csv_layout(connection, file, delimiter));
  if (layout.names.empty()) return Error{ErrorCode::bad_file, "The file has no columns: " + file.string(), {}, {}};
  const sql::QueryPtr source = select_all(read_csv(file, layout));
  WARDIAN_ASSIGN(Choice choice, choose(layout.names, options, file));
  std::vector<sql::ExprPtr> texts;
  for (const std::size_t place : choice.places) texts.push_back(sql::column(layout.names[place]));
  if (!options.declared) {
    WARDIAN_ASSIGN(const std::vector<Type> types, infer(connection, texts, kInferredTypes, source, options.inspect_all));
    for (std::size_t i = 0; i < types.size(); ++i) choice.schema[i].type = types[i];
  }
  std::vector<sql::ExprPtr> values;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Type type = choice.schema[i].type;
    values.push_back(value_or_complaint(texts[i], type, complaint_of(file, layout.names[choice.places[i]], type)));
  }
  return selected(std::move(values), std::move(choice.schema), source);
}

Result<ForeignFile> open_by_position(engine::Connection& connection, const fs::path& file, const Schema& declared,
                                     const ByPosition& how) {
  WARDIAN_ASSIGN(CsvLayout layout, csv_layout(connection, file, how.delimiter));
  layout.header = how.skip_first_record;
  for (std::size_t i = 0; i < layout.names.size(); ++i) layout.names[i] = "c" + std::to_string(i);
  sql::Call call = read_csv(file, layout);
  call.arguments.push_back(named_argument("null_padding", sql::boolean(true)));
  std::vector<sql::ExprPtr> values;
  for (std::size_t i = 0; i < declared.size(); ++i) {
    const sql::ExprPtr text = i < layout.names.size() ? sql::column(layout.names[i]) : sql::cast(sql::null(), "VARCHAR");
    values.push_back(value_of_text(text, declared[i].type));
  }
  return selected(std::move(values), declared, select_all(std::move(call)));
}

/// A file of no structure: one text, or one a line.
Result<ForeignFile> open_text(const fs::path& file, const ReadOptions& options, bool by_lines) {
  const Schema schema = options.declared.value_or(Schema{{"text", Type::string}});
  if (schema.size() != 1 || schema[0].type != Type::string)
    return Error{ErrorCode::type_mismatch, "A file of plain text is read as one column of type string: " + file.string(), {}, {}};
  const sql::QueryPtr source = select_all({"read_text", {sql::string(file.string())}, false, {}, nullptr});
  sql::ExprPtr value = sql::column("content");
  // A line break ends a line, so behind the last there is none; a carriage return before it belongs to it.
  if (by_lines)
    value = sql::call(
        "unnest",
        {sql::call("regexp_split_to_array",
                   {sql::call("regexp_replace", {value, sql::string("\r?\n$"), sql::string("")}), sql::string("\r?\n")})});
  return selected({value}, schema, source);
}

/// How a JSON column is read: scalars as texts, since a number that is cut is a number lost; the rest as JSON.
std::string json_column_type(Type type) { return type == Type::dynamic ? "JSON" : "VARCHAR"; }

/// The engine takes keys that differ only by case for one: it shows the second as "A_1" beside "a", and finds nothing under that name.
Status refuse_keys_of_other_case(engine::Connection& connection, const fs::path& file, const std::vector<std::string>& names) {
  const auto lower = [](std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
  };
  for (const std::string& name : names) {
    const std::size_t mark = name.find_last_not_of("0123456789");
    if (mark == std::string::npos || mark + 1 == name.size() || name[mark] != '_') continue;
    const std::string key = name.substr(0, mark);
    const auto other = std::ranges::find_if(names, [&](const std::string& one) { return lower(one) == lower(key); });
    if (other == names.end() || *other == key) continue;
    sql::Select select;
    select.items.push_back(
        {sql::call("bool_or", {sql::call("list_contains", {sql::call("json_keys", {sql::column("json")}), sql::string(name)})}),
         ""});
    select.from =
        std::get<sql::Select>(select_all({"read_json_objects", {sql::string(file.string())}, false, {}, nullptr})->body).from;
    WARDIAN_ASSIGN(const std::vector<engine::Row> found,
                   connection.rows(sql::print(*sql::query(std::move(select))), {{"found", Type::boolean}}));
    if (found[0][0].is_null() || !std::get<bool>(found[0][0].held)) {
      return Error{
          ErrorCode::bad_file,
          std::string(engine::kUnreadableFile) + file.string() + ": keys that differ only by case: " + *other + " and " + key,
          {},
          "Give them names that differ otherwise."};
    }
  }
  return {};
}

Result<ForeignFile> open_json(engine::Connection& connection, const fs::path& file, const ReadOptions& options) {
  sql::Call call{"read_json", {sql::string(file.string())}, false, {}, nullptr};
  sql::Call sampled = call;
  if (options.inspect_all) sampled.arguments.push_back(named_argument("sample_size", sql::integer(-1)));
  WARDIAN_ASSIGN(const std::vector<ForeignColumn> described, connection.describe(sql::print(*select_all(sampled))));
  std::vector<std::string> names;
  for (const ForeignColumn& column : described) names.push_back(column.name);
  WARDIAN_TRY(refuse_keys_of_other_case(connection, file, names));
  WARDIAN_ASSIGN(Choice choice, choose(names, options, file));
  if (!options.declared) {
    std::vector<sql::ExprPtr> texts;
    for (std::size_t i = 0; i < described.size(); ++i) {
      choice.schema[i].type = convert_foreign(described[i].type, sql::column(names[i])).type;
      if (choice.schema[i].type == Type::string) texts.push_back(sql::column(names[i]));
    }
    // JSON has no times; the reader knows fewer forms of them than we do.
    static constexpr Type kTimes[] = {Type::timespan, Type::datetime};
    WARDIAN_ASSIGN(const std::vector<Type> types, infer(connection, texts, kTimes, select_all(sampled), options.inspect_all));
    for (std::size_t i = 0, text = 0; i < described.size(); ++i)
      if (choice.schema[i].type == Type::string) choice.schema[i].type = types[text++];
  }
  // Values that are no objects come as one column of the reader's own name, which it will not be told.
  const bool objects = !(described.size() == 1 && names[0] == "json");
  if (objects) {
    sql::StructLiteral columns;
    for (std::size_t i = 0; i < choice.places.size(); ++i)
      columns.fields.emplace_back(names[choice.places[i]], sql::string(json_column_type(choice.schema[i].type)));
    call.arguments.push_back(named_argument("columns", sql::make(std::move(columns))));
  }
  std::vector<sql::ExprPtr> values;
  for (std::size_t i = 0; i < choice.places.size(); ++i) {
    const Column& column = choice.schema[i];
    const sql::ExprPtr value = sql::column(names[choice.places[i]]);
    if (column.type == Type::dynamic || !objects) {
      WARDIAN_ASSIGN(sql::ExprPtr converted, convert_declared(objects ? "JSON" : described[0].type, value, column.type, ""));
      values.push_back(std::move(converted));
    } else {
      values.push_back(value_or_complaint(value, column.type, complaint_of(file, names[choice.places[i]], column.type)));
    }
  }
  return selected(std::move(values), std::move(choice.schema), select_all(std::move(call)));
}

/// The columns that have statistics in the file and are converted, as they stand there.
void add_stored(ForeignFile& opened, const std::vector<std::size_t>& places, const std::vector<ForeignColumn>& described) {
  sql::Select select = std::get<sql::Select>(opened.query->body);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const ForeignColumn& column = described[places[i]];
    const Type type = opened.schema[i].type;
    const bool time = column.type == "TIMESTAMP" || column.type == "TIMESTAMP_NS" || column.type == "DATE" ||
                      column.type == "TIMESTAMP WITH TIME ZONE";
    const bool kept = (type == Type::datetime && time) || (type == Type::string && column.type == "VARCHAR");
    opened.stored.push_back(kept ? column.type : "");
    if (kept) select.items.push_back({sql::column(column.name), "r" + std::to_string(i)});
  }
  opened.query = sql::query(std::move(select));
}

/// A file that tells its types itself.
Result<ForeignFile> open_typed(engine::Connection& connection, const fs::path& file, const ReadOptions& options,
                               FileFormat format, std::string function) {
  const sql::QueryPtr source = select_all({std::move(function), {sql::string(file.string())}, false, {}, nullptr});
  WARDIAN_ASSIGN(const std::vector<ForeignColumn> described, connection.describe(sql::print(*source)));
  if (described.empty()) return Error{ErrorCode::bad_file, "The file has no columns: " + file.string(), {}, {}};
  WARDIAN_ASSIGN(const std::vector<columnar::FileColumn> stated, stated_columns(connection, file, format, described));
  std::vector<std::string> names;
  for (const ForeignColumn& column : described) names.push_back(column.name);
  WARDIAN_ASSIGN(Choice choice, choose(names, options, file));
  std::vector<sql::ExprPtr> values;
  for (std::size_t i = 0; i < choice.places.size(); ++i) {
    const std::size_t place = choice.places[i];
    const ForeignColumn& column = described[place];
    const sql::ExprPtr value = sql::column(column.name);
    std::optional<ConvertedColumn> known =
        convert_stated(stated[place], column.type, value, complaint_of(file, column.name, stated[place].type));
    if (known && (!options.declared || known->type == choice.schema[i].type)) {
      choice.schema[i].type = known->type;
      values.push_back(std::move(known->expr));
    } else if (options.declared) {
      WARDIAN_ASSIGN(sql::ExprPtr converted, convert_declared(column.type, value, choice.schema[i].type,
                                                              complaint_of(file, column.name, choice.schema[i].type)));
      values.push_back(std::move(converted));
    } else {
      ConvertedColumn converted = convert_foreign(column.type, value);
      choice.schema[i].type = converted.type;
      values.push_back(std::move(converted.expr));
    }
  }
  ForeignFile opened = selected(std::move(values), std::move(choice.schema), source);
  if (options.with_stored && format == FileFormat::parquet) add_stored(opened, choice.places, described);
  return opened;
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
  if (extension == ".arrow" || extension == ".feather" || extension == ".ipc" || extension == ".arrows") return FileFormat::arrow;
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
                 "Names end in .csv, .tsv, .jsonl, .json, .parquet, .arrow or .feather, texts possibly followed by .gz or .zst."};
  const auto open = [&]() -> Result<ForeignFile> {
    switch (*format) {
      case FileFormat::csv:
      case FileFormat::tsv:
        if (options.by_position) return open_by_position(connection, file, *options.declared, *options.by_position);
        return open_separated(connection, file, options, *format == FileFormat::tsv ? "\t" : "");
      case FileFormat::json_lines: return open_json(connection, file, options);
      case FileFormat::parquet: return open_typed(connection, file, options, *format, "read_parquet");
      case FileFormat::arrow: return open_typed(connection, file, options, *format, "wardian_arrow");
      case FileFormat::lines:
      case FileFormat::whole: return open_text(file, options, *format == FileFormat::lines);
    }
    return Error{ErrorCode::internal, "A format without a reader", {}, {}};
  };
  Result<ForeignFile> opened = open();
  // What is said of the user's own words stays as it is.
  if (opened.ok() || opened.error().code == ErrorCode::unknown_name || opened.error().code == ErrorCode::type_mismatch)
    return opened;
  return about_file(std::move(opened).error(), file);
}

}  // namespace wardian::catalog

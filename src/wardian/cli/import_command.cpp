#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cstdio>
#include <mutex>

#include "wardian/base/overloaded.h"
#include "wardian/catalog/grown_file.h"
#include "wardian/catalog/import_files.h"
#include "wardian/cli/commands.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/interrupt.h"
#include "wardian/cli/plain_output.h"
#include "wardian/cli/progress.h"
#include "wardian/engine/interrupt_watch.h"
#include "wardian/kql/syntax/parser.h"

namespace wardian::cli {
namespace {

/// "a:long, b:datetime", read by KQL's own grammar, so that names in brackets work as well.
Result<columnar::Schema> parse_schema(const std::string& text) {
  static constexpr std::string_view kBefore = "typeof(";
  auto tree = kql::syntax::parse_scalar_expression(std::string(kBefore) + text + ")");
  if (!tree.ok()) {
    Error error = std::move(tree).error();
    error.hint =
        "Write --schema \"name:type, …\" with the types bool, int, long, real, decimal, string, datetime, timespan, dynamic, "
        "guid.";
    if (error.span) {
      const auto shift = static_cast<std::uint32_t>(kBefore.size());
      const auto back = [&](std::uint32_t at) {
        return std::min(at < shift ? 0 : at - shift, static_cast<std::uint32_t>(text.size()));
      };
      error.span = SourceSpan{back(error.span->begin), back(error.span->end)};
    }
    return error;
  }
  const auto* type_of = std::get_if<kql::syntax::TypeOf>(&tree->node);
  columnar::Schema schema;
  for (const auto& column : type_of == nullptr ? std::vector<kql::syntax::SchemaColumn>() : type_of->schema.columns) {
    if (column.star || column.name.text.empty()) {
      return Error{ErrorCode::bad_argument, "A column of --schema has no name", {}, "Write name:type for each column."};
    }
    if (columnar::find_column(schema, column.name.text)) {
      return Error{ErrorCode::duplicate_name, "Two columns of --schema have the same name: " + column.name.text, column.name.span,
                   ""};
    }
    schema.push_back({column.name.text, column.type});
  }
  if (schema.empty()) return Error{ErrorCode::bad_argument, "--schema names no column", {}, "Write --schema \"name:type, …\"."};
  return schema;
}

/// What an import has to make before it can begin; taken away again when it fails.
class NewPlace {
 public:
  explicit NewPlace(const ImportOptions& options)
      : folder_(options.database_folder),
        file_(folder_ / (options.database + ".duckdb")),
        folder_new_(!std::filesystem::exists(folder_, code_)),
        file_new_(!std::filesystem::exists(file_, code_)) {}
  void remove() {
    if (!file_new_) return;
    std::filesystem::remove(file_, code_);
    std::filesystem::remove(file_.string() + ".wal", code_);
    if (folder_new_) std::filesystem::remove(folder_, code_);  // refused while anything is in it
  }

 private:
  std::error_code code_;
  std::filesystem::path folder_;
  std::filesystem::path file_;
  bool folder_new_;
  bool file_new_;
};

/// Where the work stands, in words: within a step the number only grows, whatever the engine's guess does.
class ImportStep {
 public:
  void begin(const std::string& step) {
    const std::lock_guard lock(mutex_);
    step_ = step;
    percent_ = 0;
  }
  std::string text(double percent) {
    const std::lock_guard lock(mutex_);
    percent_ = std::max(percent_, static_cast<int>(percent));
    return "importing: " + step_ + (percent_ <= 0 ? " …" : " " + std::to_string(percent_) + " %");
  }

 private:
  std::mutex mutex_;
  std::string step_;
  int percent_ = 0;
};

Result<catalog::Imported> import(const ImportOptions& options, std::optional<columnar::Schema> declared,
                                 const process::CancelToken& token) {
  // Before a database is made for it: what cannot be read at all.
  for (const std::filesystem::path& file : options.files) {
    std::error_code code;
    if (!std::filesystem::exists(file, code)) return Error{ErrorCode::file_not_found, "No such file: " + file.string(), {}, ""};
  }
  WARDIAN_ASSIGN(engine::Database engine, engine::Database::open({.memory_bytes_max = options.memory_bytes_max}));
  WARDIAN_ASSIGN(const catalog::DatabaseFile database,
                 catalog::DatabaseFile::open(engine, options.database_folder, options.database, engine::AttachMode::read_write));
  WARDIAN_ASSIGN(engine::Connection connection, engine.connect());
  const engine::InterruptWatch watch(connection, &token, {});
  WARDIAN_TRY(watch.started());
  if (Progress::visible()) WARDIAN_TRY(connection.watch_progress());
  ImportStep step;
  const Progress progress([&] { return step.text(connection.progress_percent()); });
  catalog::Import order{.files = options.files, .table = options.table, .declared = std::move(declared)};
  order.on_step = [&](const std::string& text) { step.begin(text); };
  if (options.append) order.if_exists = catalog::IfTableExists::append;
  if (options.replace) order.if_exists = catalog::IfTableExists::replace;
  const catalog::GrownFile before(database.file());
  auto imported = catalog::import_files(connection, database, order);
  if (imported.ok()) return imported;
  before.shrink();
  return watch.reason(std::move(imported).error());
}

}  // namespace

int run_import(const ImportOptions& options) {
  const InterruptScope interrupt;
  std::optional<columnar::Schema> declared;
  if (!options.schema.empty()) {
    auto schema = parse_schema(options.schema);
    if (!schema.ok()) {
      std::fputs(error_text(schema.error(), options.schema, "--schema").c_str(), stderr);
      return kUsage;
    }
    declared = std::move(schema).value();
  }
  NewPlace place(options);
  const auto imported = import(options, std::move(declared), interrupt.token());
  if (!imported.ok()) {
    place.remove();
    std::fputs(error_text(imported.error(), {}, "").c_str(), stderr);
    return interrupt.token().cancelled() ? kInterrupted : kFailed;
  }
  const std::string rows = std::to_string(imported->rows) + (imported->rows == 1 ? " row" : " rows");
  return show_text(options.table + ": " + rows + "\n");
}

}  // namespace wardian::cli

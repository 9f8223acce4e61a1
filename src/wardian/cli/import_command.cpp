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
#include "wardian/cli/schema_text.h"
#include "wardian/engine/interrupt_watch.h"

namespace wardian::cli {
namespace {

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

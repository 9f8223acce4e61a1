#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "wardian/base/similar_name.h"
#include "wardian/catalog/blob_store.h"
#include "wardian/cli/answer/aligned_rows.h"
#include "wardian/cli/answer/display_width.h"
#include "wardian/cli/answer/output_file.h"
#include "wardian/cli/answer/output_stream.h"
#include "wardian/cli/commands.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/plain_output.h"
#include "wardian/kernels/json_text.h"

// wardian blob list, get and remove: what a database folder keeps, as bytes. Nothing here opens a blob.
namespace wardian::cli {
namespace {

namespace fs = std::filesystem;

Result<catalog::BlobStore> store_of(const fs::path& folder) {
  std::error_code code;
  if (fs::is_directory(folder, code)) return catalog::BlobStore(folder);
  return Error{ErrorCode::file_not_found, "No database folder here: " + folder.string(), {}, {}};
}

std::string json_of(const std::vector<catalog::KeptBlob>& blobs) {
  std::string json = "[";
  for (const catalog::KeptBlob& blob : blobs) {
    json += json.size() == 1 ? "\n" : ",\n";
    kernels::JsonObjectWriter writer(json);
    writer.add_string("name", blob.name);
    writer.add_string("type", blob.type);
    writer.add("size", std::to_string(blob.bytes));
    writer.add_string("created", blob.created);
    writer.add_string("database", blob.database);
    writer.add_string("sha256", blob.sha256);
    writer.close();
  }
  return json + "]\n";
}

std::string table_of(const std::vector<catalog::KeptBlob>& blobs) {
  std::vector<std::vector<std::string>> lines = {{"name", "type", "size", "created", "database", "sha256"}};
  for (const catalog::KeptBlob& blob : blobs) {
    lines.push_back({on_one_line(blob.name), on_one_line(blob.type), std::to_string(blob.bytes), on_one_line(blob.created),
                     on_one_line(blob.database), on_one_line(blob.sha256.substr(0, 16))});
  }
  return aligned_rows(lines, [](std::size_t column, std::size_t) { return column == 2; });
}

Error no_such_blob(const catalog::BlobStore& store, const std::string& name) {
  std::vector<Error> damaged;
  std::vector<std::string_view> names;
  const auto blobs = store.list(damaged);
  if (blobs.ok()) {
    for (const catalog::KeptBlob& blob : *blobs) names.push_back(blob.name);
  }
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = "`wardian blob list` names those that are kept.";
  return {ErrorCode::unknown_name, "No blob has that name: " + name, {}, std::move(hint)};
}

Status list(const BlobOptions& options, bool& damaged_any) {
  WARDIAN_ASSIGN(const catalog::BlobStore store, store_of(options.database_folder));
  std::vector<Error> damaged;
  WARDIAN_ASSIGN(const std::vector<catalog::KeptBlob> blobs, store.list(damaged));
  if (show_text(options.json ? json_of(blobs) : table_of(blobs)) != kFine) damaged_any = true;
  for (const Error& error : damaged) std::fputs(error_text(error, {}, "").c_str(), stderr);
  damaged_any |= !damaged.empty();
  return {};
}

Status get(const BlobOptions& options) {
  WARDIAN_ASSIGN(const catalog::BlobStore store, store_of(options.database_folder));
  if (!options.output && isatty(STDOUT_FILENO) != 0)
    return Error{ErrorCode::bad_argument, "A blob is no text for a terminal", {}, "--output FILE writes it to a file."};
  WARDIAN_ASSIGN(const auto blob, store.find(options.name));
  if (!blob) return no_such_blob(store, options.name);
  std::optional<OutputFile> file;
  if (options.output) {
    WARDIAN_ASSIGN(file, OutputFile::open(*options.output));
  }
  OutputStream out(file ? file->fd() : STDOUT_FILENO);
  WARDIAN_TRY(out.write(blob->content()));
  WARDIAN_TRY(out.flush());
  return file ? file->commit() : Status();
}

Status remove(const BlobOptions& options) {
  WARDIAN_ASSIGN(const catalog::BlobStore store, store_of(options.database_folder));
  WARDIAN_ASSIGN(const bool removed, store.remove(options.name));
  if (!removed) return no_such_blob(store, options.name);
  return {};
}

}  // namespace

int run_blob(const BlobOptions& options) {
  bool damaged_any = false;
  Status done;
  switch (options.action) {
    case BlobAction::list: done = list(options, damaged_any); break;
    case BlobAction::get: done = get(options); break;
    case BlobAction::remove: done = remove(options); break;
  }
  if (done.ok()) return damaged_any ? kFailed : kFine;
  std::fputs(error_text(done.error(), {}, "").c_str(), stderr);
  return kFailed;
}

}  // namespace wardian::cli

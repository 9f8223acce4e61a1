#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "wardian/catalog/blob_store.h"
#include "wardian/engine/database.h"
#include "wardian/kql/bind.h"
#include "wardian/kql/completion/complete.h"
#include "wardian/session/answer.h"
#include "wardian/session/request.h"
#include "wardian/session/runner_set.h"

namespace wardian::session {

struct Explanation {
  std::string plan;    // the logical plan, one node a line
  std::string stages;  // what runs, with its SQL
  std::string files;   // how Parquet files are read, a scan a line; see file_scans.h
};

/// What binding tells of a query.
struct CheckedQuery {
  std::vector<columnar::Schema> results;          // one for each table of the answer, in order
  std::optional<kql::Undetermined> undetermined;  // what follows them is known once that has run
};

/// One engine with its tables and its sandboxes: all that requests share. Thread-safe.
class Instance {
 public:
  Instance(engine::Database database, std::shared_ptr<kql::Tables> tables, ScriptSettings scripts);
  ~Instance();

  /// Where blobs are kept beside the databases. Without it scripts find only those of their own request.
  void use_blobs(catalog::BlobStore store) { blobs_ = std::move(store); }

  /// The tables and functions that queries may name.
  kql::Tables& tables() { return *tables_; }

  /// Parses and binds; the rows come through the Answer, which must not outlive the instance or the request's token.
  Result<std::unique_ptr<Answer>> run(const Request& request);

  /// The plan and what would run, without running anything.
  Result<Explanation> explain(const Request& request);

  /// The columns of the answer, without running anything.
  Result<CheckedQuery> check(const Request& request);

  /// What may stand at the cursor, a byte of the request's text. Runs constants alone, and those for a moment only: where they take
  /// longer, less is known of what stands before.
  kql::Completion complete(const Request& request, std::size_t cursor);

  /// Closes the sandboxes and leaves the engine to the end of the process (see engine::Database::leave). No Answer may be left.
  void leave();

 private:
  /// Binds with a runner of constants alone, and hands on what came of it while all that the plan leans on is there.
  Status bind_only(const Request& request, const std::function<Status(const kql::BoundQuery&)>& use);

  engine::Database database_;
  std::shared_ptr<kql::Tables> tables_;
  std::shared_ptr<RunnerSet> python_;
  std::optional<catalog::BlobStore> blobs_;
};

}  // namespace wardian::session

#include "wardian/session/instance.h"

#include <time.h>

#include "wardian/kql/syntax/parser.h"
#include "wardian/session/artifact_fetcher.h"
#include "wardian/session/file_scans.h"
#include "wardian/session/guarded_stream.h"
#include "wardian/session/named_files.h"
#include "wardian/session/request_progress.h"
#include "wardian/session/stage_run.h"
#include "wardian/session/table_set.h"
#include "wardian/sqltree/printer.h"

namespace wardian::session {
namespace {

/// Ticks of 100 ns since year 1, now.
std::int64_t ticks_now() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  constexpr std::int64_t kTicksAtUnixEpoch = 621'355'968'000'000'000;
  return kTicksAtUnixEpoch + now.tv_sec * 10'000'000 + now.tv_nsec / 100;
}

kql::BindContext bind_context(const Request& request, kql::Tables& tables, kql::StageRunner* runner) {
  kql::BindContext context;
  context.tables = &tables;
  context.runner = runner;
  context.text = request.text;
  context.parameters = request.parameters;
  context.now_ticks = ticks_now();
  context.database = request.database.empty() ? tables.default_database() : request.database;
  context.principal = request.principal;
  context.python_debug_allowed = request.debug_folder != nullptr;
  return context;
}

/// Ends with an error after `most` rows.
class CountedStream final : public columnar::BatchStream {
 public:
  CountedStream(std::unique_ptr<columnar::BatchStream> inner, std::uint64_t most) : inner_(std::move(inner)), most_(most) {}
  const columnar::Schema& schema() const override { return inner_->schema(); }
  Result<std::optional<columnar::Batch>> next() override {
    auto batch = inner_->next();
    if (!batch.ok() || !*batch) return batch;
    rows_ += (*batch)->rows;
    if (rows_ <= most_) return batch;
    return Error{ErrorCode::result_too_large,
                 "The result has more rows than truncationmaxrecords allows: " + std::to_string(most_),
                 {},
                 "Summarize, or take fewer rows."};
  }

 private:
  std::unique_ptr<columnar::BatchStream> inner_;
  std::uint64_t most_;
  std::uint64_t rows_ = 0;
};

class RequestRun final : public Answer {
 public:
  RequestRun(engine::Connection connection, std::shared_ptr<kql::Tables> tables, RunnerSet& python, const Request& request,
             const catalog::BlobStore* blobs, StageRoom room)
      : request_(request),
        room_(std::move(room)),
        tables_(std::move(tables)),
        python_(python),
        blobs_(blobs),
        connection_(std::move(connection)),
        watch_(connection_, request_.cancel, request_.deadline) {
    if (request_.progress != nullptr && connection_.watch_progress().ok()) request_.progress->begin(connection_);
  }
  ~RequestRun() override {
    if (request_.progress != nullptr) request_.progress->end();
  }

  Status bind() {
    Status bound = begin();
    return bound.ok() ? bound : watch_.reason(std::move(bound).error());
  }

  Result<std::optional<ResultTable>> next() override {
    if (next_ == bound_.statements.size()) return std::optional<ResultTable>();
    const std::size_t at = next_++;
    auto rows = stages_->stream(bound_.statements[at].table);
    if (!rows.ok()) return watch_.reason(std::move(rows).error());
    const plan::Statement& statement = bound_.statements[at];
    ResultTable table{statement.name, statement.table->schema, statement.rendering, nullptr};
    table.rows = std::make_unique<GuardedStream>(watch_, std::move(rows).value());
    if (const auto most = bound_.options.truncation_max_records)
      table.rows = std::make_unique<CountedStream>(std::move(table.rows), static_cast<std::uint64_t>(*most));
    return std::optional<ResultTable>(std::move(table));
  }

  Result<std::vector<LeftOutput>> outputs() override {
    return stages_->left().take(request_.keep_blobs || bound_.options.python_keep_blobs, database_);
  }

 private:
  static Error nowhere_to_keep(const std::string& asked) {
    return {
        ErrorCode::bad_argument, "There is no database folder to keep blobs in, as " + asked + " asks", {}, "--db opens one."};
  }

  Status begin() {
    WARDIAN_TRY(watch_.started());
    stages_.emplace(connection_, python_, request_, blobs_, room_);
    const kql::syntax::ReadQuery tree = kql::syntax::read_query(request_.text);
    kql::BindContext context = bind_context(request_, *tables_, &*stages_);
    database_ = context.database;
    NamedFiles files(connection_);
    if (request_.external_files_allowed) context.external_files = &files;
    const ArtifactPlaces artifacts(request_.artifacts);
    if (request_.artifacts.allows_some()) context.artifacts = &artifacts;
    if (request_.keep_blobs && blobs_ == nullptr) return nowhere_to_keep("--keep-blobs");
    WARDIAN_ASSIGN(bound_, kql::bind_query(tree, context));
    if (bound_.options.python_keep_blobs && blobs_ == nullptr) return nowhere_to_keep("set python_keep_blobs");
    return {};
  }

  Request request_;
  StageRoom room_;
  std::shared_ptr<kql::Tables> tables_;
  RunnerSet& python_;
  const catalog::BlobStore* blobs_;
  engine::Connection connection_;
  engine::InterruptWatch watch_;
  std::optional<StageRun> stages_;
  kql::BoundQuery bound_;
  std::string database_;
  std::size_t next_ = 0;
};

}  // namespace

Instance::Instance(engine::Database database, std::shared_ptr<kql::Tables> tables, ScriptSettings scripts)
    : database_(std::move(database)), tables_(std::move(tables)), python_(std::make_shared<RunnerSet>(std::move(scripts))) {}

Instance::~Instance() = default;

void Instance::leave() {
  python_.reset();
  tables_.reset();
  database_.leave();
}

Result<std::unique_ptr<Answer>> Instance::run(const Request& request) {
  WARDIAN_ASSIGN(engine::Connection connection, database_.connect());
  auto run = std::make_unique<RequestRun>(std::move(connection), tables_, *python_, request, blobs_ ? &*blobs_ : nullptr,
                                          StageRoom{database_.spill_folder(), database_.memory_bytes_max()});
  WARDIAN_TRY(run->bind());
  return std::unique_ptr<Answer>(std::move(run));
}

Status Instance::bind_only(const Request& request, const std::function<Status(const kql::BoundQuery&)>& use) {
  const kql::syntax::ReadQuery tree = kql::syntax::read_query(request.text);
  WARDIAN_ASSIGN(engine::Connection connection, database_.connect());
  StageRun constants(connection, *python_, request, nullptr, {database_.spill_folder(), database_.memory_bytes_max()});
  kql::BindContext context = bind_context(request, *tables_, &constants);
  context.constants_only = true;
  context.python_debug_allowed = true;  // nothing runs, so nothing is kept
  NamedFiles files(connection);
  if (request.external_files_allowed) context.external_files = &files;
  const ArtifactPlaces artifacts(request.artifacts);
  if (request.artifacts.allows_some()) context.artifacts = &artifacts;
  WARDIAN_ASSIGN(const kql::BoundQuery bound, kql::bind_query(tree, context));
  return use(bound);
}

namespace {

/// The request with a null for each declared parameter that it gives no value: a client may send one later.
Request with_parameters(const Request& request) {
  const kql::syntax::QueryTree tree = kql::syntax::read_query(request.text).tree;
  Request made = request;
  for (const kql::syntax::Statement& statement : tree.statements) {
    const auto* declared = std::get_if<kql::syntax::DeclareQueryParameters>(&statement.node);
    if (declared == nullptr) continue;
    for (const kql::syntax::FunctionParameter& parameter : declared->parameters) {
      const auto* type = std::get_if<columnar::Type>(&parameter.type);
      if (type == nullptr || parameter.default_value != nullptr) continue;
      const bool text = *type == columnar::Type::string;
      made.parameters.emplace(parameter.name.text, text ? "''" : std::string(columnar::type_name(*type)) + "(null)");
    }
  }
  return made;
}

}  // namespace

Result<CheckedQuery> Instance::check(const Request& request) {
  CheckedQuery checked;
  const auto take = [&](const kql::BoundQuery& bound) -> Status {
    for (const plan::Statement& statement : bound.statements) checked.results.push_back(statement.table->schema);
    checked.undetermined = bound.undetermined;
    return {};
  };
  WARDIAN_TRY(bind_only(with_parameters(request), take));
  return checked;
}

kql::Completion Instance::complete(const Request& request, std::size_t cursor) {
  constexpr std::chrono::milliseconds kTimeMax{200};
  Result<engine::Connection> connection = database_.connect();
  if (!connection.ok()) return {};
  const engine::InterruptWatch watch(*connection, request.cancel, std::chrono::steady_clock::now() + kTimeMax);
  StageRun constants(*connection, *python_, request, nullptr, {database_.spill_folder(), database_.memory_bytes_max()});
  kql::BindContext context = bind_context(request, *tables_, watch.started().ok() ? &constants : nullptr);
  context.python_debug_allowed = true;
  return kql::complete(request.text, cursor, context);
}

Result<Explanation> Instance::explain(const Request& request) {
  Explanation explanation;
  std::uint64_t next_stage = 0;
  WARDIAN_ASSIGN(engine::Connection connection, database_.connect());
  const auto add = [&](const plan::NodePtr& table, int depth, const std::string& result) -> Status {
    explanation.plan += plan::describe(*table, depth);
    WARDIAN_ASSIGN(const std::vector<plan::Stage> stages, plan::lower(table, next_stage));
    for (const plan::Stage& stage : stages) {
      const char* const over = stage.python ? " = python over" : stage.algorithm ? " = algorithm over" : "";
      explanation.stages += stage.output.empty() ? result : stage.output + over;
      for (const plan::SqlPiece& input : stage.inputs) {
        explanation.stages += ":\n" + sqltree::print_indented(*input.query) + "\n";
        const std::string sql = sqltree::print(*input.query);
        if (sql.find(kFileView) == std::string::npos) continue;
        // What leans on an earlier stage has no plan before that has run.
        const Result<std::string> scans = file_scans(connection, sql);
        if (scans.ok()) explanation.files += *scans;
      }
    }
    return {};
  };
  const auto show = [&](const kql::BoundQuery& bound) -> Status {
    for (const plan::Statement& statement : bound.statements) WARDIAN_TRY(add(statement.table, 0, "answer"));
    if (!bound.undetermined) return {};
    const kql::Undetermined& unknown = *bound.undetermined;
    const LineColumn place = line_column(request.text, unknown.span.begin);
    const std::string shown = unknown.what + " at " + std::to_string(place.line) + ":" + std::to_string(place.column) + " -> (?)";
    explanation.plan += shown + "\n";
    WARDIAN_TRY(add(unknown.table, 1, "for " + shown));
    explanation.stages += "The rest is bound once these rows are there.\n";
    return {};
  };
  WARDIAN_TRY(bind_only(request, show));
  return explanation;
}

}  // namespace wardian::session

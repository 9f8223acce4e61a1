#include "wardian/session/stage_run.h"

#include <algorithm>

#include "wardian/columnar/unique_names.h"
#include "wardian/engine/frame_export.h"
#include "wardian/pyrun/evaluate_python.h"
#include "wardian/session/operator_costs.h"
#include "wardian/session/request_progress.h"
#include "wardian/session/script_image.h"
#include "wardian/sqltree/printer.h"

namespace wardian::session {
namespace {

/// A stream whose first batch was fetched already: most errors come with it, and then no part of an answer was given.
class BegunStream final : public columnar::BatchStream {
 public:
  BegunStream(std::optional<columnar::Batch> first, std::unique_ptr<columnar::BatchStream> rest)
      : first_(std::move(first)), ended_(!first_.has_value()), rest_(std::move(rest)) {}

  const columnar::Schema& schema() const override { return rest_->schema(); }
  Result<std::optional<columnar::Batch>> next() override {
    if (first_) return std::exchange(first_, std::nullopt);
    if (ended_) return std::optional<columnar::Batch>();
    return rest_->next();
  }

 private:
  std::optional<columnar::Batch> first_;
  bool ended_;
  std::unique_ptr<columnar::BatchStream> rest_;
};

}  // namespace

Result<std::unique_ptr<columnar::BatchStream>> StageRun::stream(const plan::NodePtr& plan) {
  WARDIAN_ASSIGN(const std::vector<plan::Stage> stages, begin(plan));
  WARDIAN_TRY(run_all(std::span(stages).first(stages.size() - 1)));
  say("answer", true);
  const plan::SqlPiece& last = stages.back().input();
  WARDIAN_ASSIGN(auto rows, connection_.query(sqltree::print(*last.query), last.schema));
  WARDIAN_ASSIGN(std::optional<columnar::Batch> first, rows->next());
  return std::unique_ptr<columnar::BatchStream>(std::make_unique<BegunStream>(std::move(first), std::move(rows)));
}

Result<std::vector<plan::Stage>> StageRun::begin(const plan::NodePtr& plan) {
  WARDIAN_ASSIGN(std::vector<plan::Stage> stages, plan::lower(plan, next_stage_));
  // Not for every query: to begin and to end a transaction are two statements, a sixth of the engine's time for a small one.
  if (!holds_snapshot_ && stages.back().reads_tables) {
    WARDIAN_TRY(connection_.hold_snapshot());
    holds_snapshot_ = true;
  }
  return stages;
}

void StageRun::say(const std::string& what, bool by_engine) const {
  if (request_.progress != nullptr) request_.progress->step(what, by_engine);
}

Status StageRun::run_all(std::span<const plan::Stage> stages) {
  // Sandboxes take half a second to start: time enough for the SQL before the first script.
  std::shared_ptr<ImageRunner> next;
  const auto first = std::ranges::find_if(stages, [](const plan::Stage& stage) { return stage.python.has_value(); });
  if (first != stages.end()) {
    WARDIAN_ASSIGN(next, runner_of(*first));
    next->runner.warm();
  }
  for (const plan::Stage& stage : stages) {
    if (!stage.python) {
      WARDIAN_TRY(stage.algorithm ? run_algorithm(stage) : run_sql(stage));
      continue;
    }
    if (next == nullptr) {
      WARDIAN_ASSIGN(next, runner_of(stage));
    }
    WARDIAN_TRY(run_python(stage, std::exchange(next, nullptr)));
  }
  return {};
}

Result<std::shared_ptr<ImageRunner>> StageRun::runner_of(const plan::Stage& stage) {
  auto image = image_of(*stage.python, request_, python_);
  auto runner = image.ok() ? python_.get(*image) : Result<std::shared_ptr<ImageRunner>>(std::move(image).error());
  if (runner.ok()) return runner;
  Error error = std::move(runner).error();
  if (!error.span) error.span = stage.python->span;
  return error;
}

Status StageRun::run_sql(const plan::Stage& stage) {
  say(stage.output, true);
  return connection_.execute("CREATE TEMP TABLE " + sqltree::quoted_name(stage.output) + " AS " +
                             sqltree::print(*stage.input().query));
}

Result<std::shared_ptr<const pyrun::SealedFrame>> StageRun::write_frame(const plan::Stage& stage, const pyrun::FrameHome& home,
                                                                        const columnar::FrameWriterOptions& options) {
  const std::string sql = sqltree::print(*stage.input().query);
  // Rows that have an order come through a stream, which keeps it; others from all of the engine's threads at once.
  if (stage.python->input->serialized || stage.input().schema.empty()) {
    WARDIAN_ASSIGN(const auto rows, connection_.query(sql, stage.input().schema));
    return pyrun::SealedFrame::write(*rows, home, options);
  }
  return pyrun::SealedFrame::fill(stage.input().schema, home, options,
                                  [&](columnar::FrameWriter& writer) { return engine::export_rows(connection_, sql, writer); });
}

Status StageRun::run_python(const plan::Stage& stage, const std::shared_ptr<ImageRunner>& image) {
  say(stage.output + ", rows for Python", true);
  const FetchLimits limits{request_.deadline, request_.cancel, request_.artifacts.bytes_max};
  WARDIAN_ASSIGN(std::vector<pyrun::FileInput> files,
                 fetch_artifacts(stage.python->artifacts, request_.artifacts, limits, image->artifacts, image->runner.files()));
  pyrun::EvaluatePython python;
  python.script = stage.python->script;
  python.arguments_json = stage.python->arguments_json;
  python.result = stage.schema;
  python.per_node = stage.python->per_node;
  python.files = std::move(files);
  python.dtypes = stage.python->dtypes.empty() ? request_.python_dtypes : stage.python->dtypes;
  WARDIAN_ASSIGN(python.blobs, left_.resolve(stage.python->blobs));
  pyrun::RunSettings settings{request_.sandbox, request_.deadline, request_.cancel, request_.on_console, {}};
  OperatorCosts costs(request_, *stage.python);
  if (request_.on_profile) settings.on_profile = [&](const pyrun::Profile& one) { costs.add(one); };
  if (stage.python->batch_rows) return run_batches(stage, *image, python, std::move(settings));
  if (keeps_calls_of(stage))
    settings.on_send = [this, image](const pyrun::SentCall& call) {
      return request_.debug_folder->keep(call, image->name, image->python);
    };
  WARDIAN_ASSIGN(std::shared_ptr<const pyrun::SealedFrame> input, frame_for_python(stage, image->runner));
  costs.input_written();
  say(stage.output + ", Python", false);
  auto outcome = pyrun::evaluate_python(image->runner, python, std::move(input), settings);
  if (!outcome.ok()) {
    Error error = std::move(outcome).error();
    if (!error.span) error.span = stage.python->span;
    return error;
  }
  WARDIAN_TRY(left_.add(std::move(outcome->extras)));
  frames_.push_back(engine::show_frames(connection_, stage.output, std::move(outcome->frames)));
  return {};
}

bool StageRun::keeps_calls_of(const plan::Stage& stage) const {
  return request_.debug_folder != nullptr && (request_.debug_every_call || stage.python->debug);
}

Result<columnar::Value> StageRun::evaluate(const plan::ExprPtr& expr) {
  const columnar::Schema schema = {{"value", expr->type}};
  WARDIAN_ASSIGN(auto rows, stream(plan::make_node(plan::Rows{{{expr}}}, schema)));
  WARDIAN_ASSIGN(const std::optional<columnar::Batch> batch, rows->next());
  if (!batch || batch->rows == 0) return columnar::null_of(expr->type);
  return engine::cell_value(batch->columns[0], 0);
}

Result<plan::NodePtr> StageRun::materialise(const plan::NodePtr& plan) {
  WARDIAN_ASSIGN(std::vector<plan::Stage> stages, begin(plan));
  plan::Stage& last = stages.back();
  last.output = "stage_" + std::to_string(next_stage_++);
  WARDIAN_TRY(run_all(stages));
  plan::Scan scan;
  scan.path = {last.output};
  scan.label = last.output;
  // CREATE TABLE AS keeps the names that the query's items have; the lowering makes them from the schema.
  scan.columns = columnar::unique_names(plan->schema);
  return plan::make_node(std::move(scan), plan->schema, plan->serialized);
}

}  // namespace wardian::session

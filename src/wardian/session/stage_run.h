#pragma once

#include <span>
#include <vector>

#include "wardian/engine/connection.h"
#include "wardian/engine/frame_scan.h"
#include "wardian/kql/bind.h"
#include "wardian/plan/lower.h"
#include "wardian/pyrun/evaluate_python.h"
#include "wardian/session/left_outputs.h"
#include "wardian/session/request.h"
#include "wardian/session/runner_set.h"

namespace wardian::session {

/// What stages may take beside the engine's own.
struct StageRoom {
  std::filesystem::path spill_folder;  // for what does not fit into memory
  std::uint64_t memory_bytes_max = 0;  // of the state of an algorithm
};

/// Runs the stages of one request's plans on one connection: temporary relations, Python calls, the final stream.
class StageRun final : public kql::StageRunner {
 public:
  /// `blobs`, of the database folder, may be null.
  StageRun(engine::Connection& connection, RunnerSet& python, const Request& request, const catalog::BlobStore* blobs,
           StageRoom room)
      : connection_(connection), python_(python), request_(request), left_(blobs, request.blobs), room_(std::move(room)) {}

  /// Runs all stages of the plan but the last, whose rows are streamed; the first batch is there when this returns, so
  /// that an overflow met by then is this call's error.
  Result<std::unique_ptr<columnar::BatchStream>> stream(const plan::NodePtr& plan);

  /// What the scripts that ran so far left beside.
  LeftOutputs& left() { return left_; }

  Result<columnar::Value> evaluate(const plan::ExprPtr& expr) override;
  Result<plan::NodePtr> materialise(const plan::NodePtr& plan) override;

 private:
  /// The plan's stages, all of which will see one state of the stored tables.
  Result<std::vector<plan::Stage>> begin(const plan::NodePtr& plan);
  Status run_all(std::span<const plan::Stage> stages);
  Status run_sql(const plan::Stage& stage);
  Status run_algorithm(const plan::Stage& stage);
  Status run_python(const plan::Stage& stage, const std::shared_ptr<ImageRunner>& image);
  /// Likewise, of a script that takes batches.
  Status run_batches(const plan::Stage& stage, const ImageRunner& image, const pyrun::EvaluatePython& python,
                     pyrun::RunSettings settings);
  /// Whether the request wants them in its folder, to be run again.
  bool keeps_calls_of(const plan::Stage& stage) const;
  /// The rows of the stage's input in sealed memory, or on disk where they are more than the sandbox's memory and may lie there.
  Result<std::shared_ptr<const pyrun::SealedFrame>> frame_for_python(const plan::Stage& stage, const pyrun::Runner& runner);
  /// Likewise, as the engine gives them.
  Result<std::shared_ptr<const pyrun::SealedFrame>> write_frame(const plan::Stage& stage, const pyrun::FrameHome& home,
                                                                const columnar::FrameWriterOptions& options);

  /// Of the image in which the stage's script runs.
  Result<std::shared_ptr<ImageRunner>> runner_of(const plan::Stage& stage);

  void say(const std::string& what, bool by_engine) const;

  engine::Connection& connection_;
  RunnerSet& python_;
  const Request& request_;
  LeftOutputs left_;
  StageRoom room_;
  std::uint64_t next_stage_ = 0;
  bool holds_snapshot_ = false;
  std::vector<engine::ShownFrames> frames_;  // of Python stages; alive as long as later stages may read them
};

}  // namespace wardian::session

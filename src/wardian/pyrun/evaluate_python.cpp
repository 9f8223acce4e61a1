#include "wardian/pyrun/evaluate_python.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>

#include "wardian/process/start_thread.h"
#include "wardian/pyrun/frame_needs.h"
#include "wardian/pyrun/shares.h"

namespace wardian::pyrun {
namespace {

// Of one per_node operator: as many as the pool lets run by default, so that alone it never waits.
constexpr std::size_t kCallsAtOnceMax = 16;

/// A DataFrame is made for scripts that name one (see given.py of the modules inside); those that name Arrow's table as well may do
/// without.
bool surely_takes_frame(std::string_view script) {
  return script.find("df") != std::string_view::npos && script.find("df_arrow") == std::string_view::npos;
}

}  // namespace

Call call_of(const EvaluatePython& python, const RunSettings& settings) {
  return Call{.script = python.script,
              .frames = {},
              .parameters = {{"kargs", python.arguments_json.empty() ? "{}" : python.arguments_json}},
              .modules = {{"np", "numpy"}, {"pd", "pandas"}},
              .files = python.files,
              .blobs = python.blobs,
              .outputs = {FrameOutput{.variable = "result", .schema = python.result}, ExtrasOutput{}},
              .dtypes = python.dtypes,
              .policy = settings.policy,
              .deadline = settings.deadline,
              .cancel = settings.cancel,
              .on_console = settings.on_console,
              .on_send = settings.on_send,
              .on_profile = settings.on_profile};
}

Result<EvaluateOutcome> evaluate_python(const Runner& runner, const EvaluatePython& python, columnar::BatchStream& input,
                                        const RunSettings& settings) {
  WARDIAN_ASSIGN(std::shared_ptr<const SealedFrame> frame, SealedFrame::write(input));
  return evaluate_python(runner, python, std::move(frame), settings);
}

Result<EvaluateOutcome> evaluate_python(const Runner& runner, const EvaluatePython& python,
                                        std::shared_ptr<const SealedFrame> input, const RunSettings& settings) {
  std::vector<FrameInput> shares;
  if (python.per_node) {
    WARDIAN_ASSIGN(shares, split_into_shares(std::move(input), std::max(1U, std::thread::hardware_concurrency())));
  } else {
    shares.push_back({.variable = {}, .frame = std::move(input)});
  }
  if (surely_takes_frame(python.script)) {
    for (const FrameInput& share : shares) {
      const std::uint64_t rows = std::min(share.rows, share.frame->rows() - share.begin);
      WARDIAN_TRY(check_fits(*share.frame, rows, python.dtypes, settings.policy.memory_bytes_max, "The table"));
    }
  }
  std::vector<std::optional<Result<Outcome>>> results(shares.size());
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> finished{0};
  const auto run_shares = [&] {
    for (std::size_t share = next++; share < shares.size(); share = next++) {
      Call call = call_of(python, settings);
      call.frames = {shares[share]};
      call.frames.front().variable = "df";
      // Fewer sandboxes than shares: a share of ours that has one is done within the time limit, and then it is another's
      // turn. Only when that long none was done is somebody else in the way.
      std::size_t finished_before = finished;
      auto patience_end = std::chrono::steady_clock::now() + settings.policy.wall_time_max;
      for (;;) {
        results[share] = runner.run(call);
        call.on_send = {};  // told once, however often it is sent
        if (results[share]->ok() || results[share]->error().code != ErrorCode::throttled || shares.size() == 1) break;
        const auto now = std::chrono::steady_clock::now();
        if (const std::size_t finished_now = finished; finished_now != finished_before) {
          finished_before = finished_now;
          patience_end = now + settings.policy.wall_time_max;
        } else if (now >= patience_end) {
          break;
        }
      }
      ++finished;
    }
  };
  {
    std::vector<std::thread> threads;
    for (std::size_t thread = 1; thread < std::min(shares.size(), kCallsAtOnceMax); ++thread) {
      auto started = process::start_thread(run_shares);
      if (!started.ok()) break;  // those that there are take its shares
      threads.push_back(std::move(*started));
    }
    run_shares();
    for (std::thread& thread : threads) thread.join();
  }
  EvaluateOutcome outcome;
  for (std::optional<Result<Outcome>>& result : results) {
    if (!result->ok()) return std::move(*result).error();
    Outcome& one = **result;
    outcome.frames.push_back(std::get<std::shared_ptr<const columnar::Frame>>(one.outputs.front()));
    if (auto* extras = std::get_if<std::vector<Extra>>(&one.outputs.back()))
      std::ranges::move(*extras, std::back_inserter(outcome.extras));
    one.outputs.clear();
    outcome.calls.push_back(std::move(one));
  }
  return outcome;
}

}  // namespace wardian::pyrun

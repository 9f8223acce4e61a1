#include "wardian/pyrun/batch_exchange.h"

#include <charconv>

#include "wardian/pyrun/request.h"

namespace wardian::pyrun {
namespace {

constexpr std::string_view kNext = "next";
constexpr std::string_view kPiece = "piece ";

Error nonsense(std::string_view what) {
  return {.code = ErrorCode::bad_result, .message = "The script tampered with its result: " + std::string(what)};
}

}  // namespace

Status BatchExchange::ask(std::string_view question) {
  if (question == kNext) {
    if (ended_) return nonsense("it asked for a batch after the last one");
    wants_batch_ = true;
    shown_.reset();
    return {};
  }
  if (!question.starts_with(kPiece)) return nonsense("a question that is none");
  question.remove_prefix(kPiece.size());
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(question.data(), question.data() + question.size(), bytes);
  if (error != std::errc() || end != question.data() + question.size()) return nonsense("a piece without a size");
  return pieces_.append(output_, bytes);
}

Result<std::optional<sandbox::Answer>> BatchExchange::answer() {
  if (!wants_batch_) return std::optional(sandbox::Answer{.text = "taken", .descriptors = {}});
  WARDIAN_ASSIGN(const std::optional<BatchFeed::Taken> taken, feed_->take());
  if (!taken) return std::optional<sandbox::Answer>();
  wants_batch_ = false;
  ended_ = taken->end;
  sandbox::Answer answer{.text = taken->end ? "end" : "batch", .descriptors = {}, .clocks_anew = true};
  if (taken->frame != nullptr) {
    rows_given_ += taken->frame->rows();
    if (on_batch_) WARDIAN_TRY(on_batch_(taken->frame));
    WARDIAN_TRY(show(taken->frame, answer));
  }
  return std::optional(std::move(answer));
}

Status BatchExchange::show(std::shared_ptr<const SealedFrame> frame, sandbox::Answer& answer) {
  const std::string text = encode_input({variable_, frame, 0, frame->rows()});
  WARDIAN_ASSIGN(description_, process::MemoryFile::sealed_copy("wardian-batch", std::as_bytes(std::span(text))));
  answer.descriptors.push_back(description_.fd());
  for (const FramePart& part : frame->parts()) answer.descriptors.push_back(part.file.fd());
  shown_ = std::move(frame);
  return {};
}

}  // namespace wardian::pyrun

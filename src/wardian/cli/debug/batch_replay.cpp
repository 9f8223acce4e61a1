#include "wardian/cli/debug/batch_replay.h"

#include "wardian/cli/debug/kept_call.h"
#include "wardian/pyrun/debug_folder.h"

namespace wardian::cli {

Status BatchReplay::ask(std::string_view question) {
  if (question == "next") return {};
  return Error{
      .code = ErrorCode::bad_result, .message = "The script tampered with its result: a question that is none", .hint = ""};
}

Result<std::optional<sandbox::Answer>> BatchReplay::answer() {
  const std::filesystem::path batch = std::filesystem::path(pyrun::kDebugBatchesFolder) / std::to_string(next_);
  std::error_code error;
  if (!std::filesystem::exists(folder_ / std::filesystem::path(batch) += ".json", error))
    return std::optional(sandbox::Answer{.text = "end", .descriptors = {}});
  ++next_;
  sandbox::Answer answer{.text = "batch", .descriptors = {}, .clocks_anew = true};
  WARDIAN_ASSIGN(description_, sealed_copy_inside(folder_, std::filesystem::path(batch) += ".json"));
  WARDIAN_ASSIGN(rows_, sealed_copy_inside(folder_, std::filesystem::path(batch) += ".arrow"));
  answer.descriptors = {description_.fd(), rows_.fd()};
  return std::optional(std::move(answer));
}

}  // namespace wardian::cli

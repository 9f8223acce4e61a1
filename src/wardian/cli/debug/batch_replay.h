#pragma once

#include <filesystem>

#include "wardian/process/memory_file.h"
#include "wardian/sandbox/dialogue.h"

namespace wardian::cli {

/// The batches that a folder keeps of a call, handed to a sandbox that asks for them ("next") one after another, each sealed in memory.
class BatchReplay final : public sandbox::Dialogue {
 public:
  explicit BatchReplay(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Status ask(std::string_view question) override;
  Result<std::optional<sandbox::Answer>> answer() override;
  /// The answer is there when the question is.
  int fd() const override { return -1; }

 private:
  std::filesystem::path folder_;  // of the call
  std::uint64_t next_ = 1;
  process::MemoryFile description_, rows_;  // of the batch that was handed over last
};

}  // namespace wardian::cli

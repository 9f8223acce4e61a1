#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/base/result.h"

namespace wardian::sandbox {

/// What a child is told: words, and descriptors of sealed memory files (process::MemoryFile), borrowed until the next question.
struct Answer {
  std::string text;
  std::vector<int> descriptors;
  /// The run's clocks begin anew: what it does with this answer has the whole time limit.
  bool clocks_anew = false;
};

/// The outer half of a conversation that a run's child may hold before it replies: it asks, is answered, asks again. One question
/// at a time; a second one before the answer ends the run. While a question is open the run's own time stands still, as it is ours.
/// Called by the thread in `Pool::run`.
class Dialogue {
 public:
  virtual ~Dialogue() = default;

  /// Takes a question: untrusted words, at most kQuestionBytesMax. An error ends the run with it.
  virtual Status ask(std::string_view question) = 0;
  /// The answer to the last question, or nothing yet. An error ends the run with it.
  virtual Result<std::optional<Answer>> answer() = 0;
  /// Becomes readable when `answer` is worth another call.
  virtual int fd() const = 0;
};

inline constexpr std::size_t kQuestionBytesMax = 256;

}  // namespace wardian::sandbox

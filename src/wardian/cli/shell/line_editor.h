#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/base/result.h"

namespace wardian::cli {

/// What was done at the prompt.
struct Entry {
  enum class Kind : std::uint8_t {
    text,     // a whole text was entered
    dropped,  // Ctrl-C: what stood there is forgotten
    leave,    // Ctrl-D, or the end of the input
  };
  Kind kind = Kind::leave;
  std::string text;
};

/// What an editor asks while a text is being typed.
struct EditorQuestions {
  std::function<bool(std::string_view text)> is_whole;
  /// JSON: {"back": characters before the cursor to be replaced, "candidates": [{"label", "insert", "kind", "detail"}]}
  std::function<std::string(std::string_view text, std::size_t cursor)> complete;
  /// JSON: [[begin, end, "class"], …] in characters
  std::function<std::string(std::string_view text)> colours;
};

/// Where texts are typed.
class LineEditor {
 public:
  virtual ~LineEditor() = default;
  /// What can be fetched back, oldest first; adds to what it knows.
  virtual void remember(const std::vector<std::string>& texts) = 0;
  virtual Result<Entry> read(const std::string& prompt) = 0;
};

/// The full editor, in a process of its own: keys, completion, colours, history. Started at once, ready some 0.1 s later.
/// Errors: those of default_image, and of the start.
Result<std::unique_ptr<LineEditor>> make_full_editor(EditorQuestions questions);

/// Lines as the terminal itself edits them: for terminals that cannot do more, and where the full editor is not there.
std::unique_ptr<LineEditor> make_plain_editor(EditorQuestions questions);

}  // namespace wardian::cli

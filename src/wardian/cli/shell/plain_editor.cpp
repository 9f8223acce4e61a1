#include <unistd.h>

#include <cstdio>

#include "wardian/cli/line_source.h"
#include "wardian/cli/shell/line_editor.h"

namespace wardian::cli {
namespace {

class PlainEditor final : public LineEditor {
 public:
  explicit PlainEditor(EditorQuestions questions) : questions_(std::move(questions)) {}

  void remember(const std::vector<std::string>&) override {}

  Result<Entry> read(const std::string& prompt) override {
    std::string text;
    while (true) {
      const std::string shown = text.empty() ? prompt : std::string(prompt.size() > 3 ? prompt.size() - 3 : 0, ' ') + "-> ";
      std::fputs(shown.c_str(), stdout);
      std::fflush(stdout);
      WARDIAN_ASSIGN(std::optional<std::string> line, lines_.next());
      if (!line) {
        std::fputs("\n", stdout);
        return Entry{text.empty() ? Entry::Kind::leave : Entry::Kind::text, text};
      }
      text += (text.empty() ? "" : "\n") + *line;
      if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        text.clear();
      } else if (questions_.is_whole(text)) {
        return Entry{Entry::Kind::text, text};
      }
    }
  }

 private:
  EditorQuestions questions_;
  LineSource lines_{STDIN_FILENO, nullptr};
};

}  // namespace

std::unique_ptr<LineEditor> make_plain_editor(EditorQuestions questions) {
  return std::make_unique<PlainEditor>(std::move(questions));
}

}  // namespace wardian::cli

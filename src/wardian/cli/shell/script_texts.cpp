#include "wardian/cli/shell/script_texts.h"

#include "wardian/cli/shell/whole_text.h"

namespace wardian::cli {

Result<std::optional<ScriptTexts::Text>> ScriptTexts::next() {
  Text made;
  bool begun = false;
  while (true) {
    WARDIAN_ASSIGN(std::optional<std::string> line, lines_.next());
    if (!line) break;
    ++line_;
    if (line->ends_with('\r')) line->pop_back();
    const bool empty = line->find_first_not_of(" \t\f\v") == std::string::npos;
    if (empty && !begun) continue;
    if (empty && !is_open(made.text)) break;
    if (!std::exchange(begun, true)) made.line = line_;
    made.text += *line + "\n";
    const std::size_t first = made.text.find_first_not_of(" \t");
    if (made.text[first] == '.' && !is_open(made.text)) break;
  }
  return begun ? std::optional(std::move(made)) : std::optional<Text>();
}

}  // namespace wardian::cli

#include "wardian/kql/syntax/command_scanner.h"

#include <algorithm>
#include <array>
#include <optional>

#include "wardian/base/similar_name.h"

namespace wardian::kql::syntax {
namespace {

constexpr auto kVerbs = std::to_array<std::string_view>({
    "add",
    "alter",
    "alter-merge",
    "append",
    "attach",
    "cancel",
    "clear",
    "clean",
    "create",
    "create-merge",
    "create-or-alter",
    "delete",
    "detach",
    "disable",
    "drop",
    "drop-pretend",
    "dup-next-failed-ingest",
    "dup-next-ingest",
    "enable",
    "execute",
    "export",
    "ingest",
    "ingest-from-storage-queued",
    "kill",
    "list",
    "load",
    "make",
    "move",
    "optimize",
    "purge",
    "rebuild",
    "refresh",
    "remove",
    "rename",
    "replace",
    "run",
    "save",
    "seal",
    "set",
    "set-or-append",
    "set-or-replace",
    "show",
    "start",
    "stop",
    "suspend",
    "resume",
    "undo",
    "unlink",
    "update",
    "whatif",
});

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}
bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

SourceSpan span(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(at, end - at);
}

bool begins_command(std::string_view text, std::size_t dot) {
  return dot < text.size() && text[dot] == '.' && std::ranges::find(kVerbs, word_at(text, dot + 1)) != kVerbs.end();
}

bool is_first_of_line(std::string_view text, std::size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return at == 0 || text[at - 1] == '\n' || text[at - 1] == '\r';
}

/// The byte after the string that begins at `at`; `at` itself when none does. nullopt: it never ends.
std::optional<std::size_t> after_string(std::string_view text, std::size_t at) {
  std::size_t quote = at;
  if (text[quote] == 'h' || text[quote] == 'H') ++quote;
  const std::string_view fence = text.substr(std::min(quote, text.size()), 3);
  if (fence == "```" || fence == "~~~") {
    const std::size_t close = text.find(fence, quote + 3);
    return close == std::string_view::npos ? std::nullopt : std::optional(close + 3);
  }
  const bool verbatim = quote < text.size() && text[quote] == '@';
  if (verbatim) ++quote;
  if (quote >= text.size() || (text[quote] != '"' && text[quote] != '\'')) return at;
  for (std::size_t i = quote + 1; i < text.size(); ++i) {
    if (text[i] == '\\' && !verbatim)
      ++i;
    else if (text[i] == text[quote]) {
      if (!verbatim || i + 1 >= text.size() || text[i + 1] != text[quote]) return i + 1;
      ++i;
    }
  }
  return std::nullopt;
}

char closing(char open) { return open == '(' ? ')' : open == '[' ? ']' : '}'; }

/// The byte after the bracket that closes the one at `begin`.
Result<std::size_t> after_group(std::string_view text, std::size_t begin) {
  std::vector<char> open;
  for (std::size_t at = begin; at < text.size();) {
    const std::optional<std::size_t> end = after_string(text, at);
    if (!end) return Error{ErrorCode::unclosed, "A string never ends", span(at, at + 1), {}};
    if (*end != at) {
      at = *end;
      continue;
    }
    const char c = text[at];
    if (text.substr(at, 2) == "//") {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (c == '(' || c == '[' || c == '{') open.push_back(closing(c));
    if (c == ')' || c == ']' || c == '}') {
      if (open.back() != c) {
        return Error{ErrorCode::unclosed, std::string("Expected: ") + open.back(), span(at, at + 1), {}};
      }
      open.pop_back();
      if (open.empty()) return at + 1;
    }
    ++at;
  }
  return Error{ErrorCode::unclosed, std::string("Missing ") + closing(text[begin]), span(text.size(), text.size()),
               "The bracket opens at byte " + std::to_string(begin)};
}

}  // namespace

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (is_blank(text[at]))
      ++at;
    else if (text.substr(at, 2) == "//")
      at = std::min(text.find('\n', at), text.size());
    else
      break;
  }
  return at;
}

Result<CommandHead> scan_command_head(std::string_view text, std::size_t begin) {
  CommandHead head;
  std::size_t at = head.begin = skip_blanks(text, begin);
  if (at >= text.size() || text[at] != '.') {
    return Error{ErrorCode::syntax, "Expected: a command", span(at, at), "A management command begins with a dot"};
  }
  ++at;
  while (at < text.size()) {
    const std::optional<std::size_t> string_end = after_string(text, at);
    if (!string_end) return Error{ErrorCode::unclosed, "A string never ends", span(at, at + 1), {}};
    if (*string_end != at) {
      at = *string_end;
      continue;
    }
    const char c = text[at];
    if (text.substr(at, 2) == "//") {
      at = skip_blanks(text, at);
    } else if (text.substr(at, 2) == "<|") {
      head.stop = CommandHead::Stop::query_follows;
      break;
    } else if (c == '|') {
      head.stop = CommandHead::Stop::operators_follow;
      break;
    } else if (c == '.' && at > head.begin && is_first_of_line(text, at) && begins_command(text, at)) {
      head.stop = CommandHead::Stop::next_command;
      break;
    } else if (c == '(' || c == '[' || c == '{') {
      WARDIAN_ASSIGN(const std::size_t end, after_group(text, at));
      head.groups.push_back({c, at, end});
      at = end;
    } else if (c == ')' || c == ']' || c == '}') {
      return Error{ErrorCode::syntax, std::string("Unexpected: ") + c, span(at, at + 1), "No bracket is open here"};
    } else if (is_word(c)) {
      const std::string_view word = word_at(text, at);
      at += word.size();
      head.words.emplace_back(word);
      head.word_ends.push_back(at);
    } else {
      ++at;
    }
  }
  head.end = at;
  if (head.words.empty()) {
    return Error{ErrorCode::syntax, "Missing command", span(head.begin, head.begin + 1), "For example .show tables"};
  }
  if (std::ranges::find(kVerbs, head.words[0]) == kVerbs.end()) {
    return Error{ErrorCode::unknown_operator, "Unknown command: ." + head.words[0],
                 span(head.word_ends[0] - head.words[0].size(), head.word_ends[0]), did_you_mean(head.words[0], kVerbs)};
  }
  return head;
}

std::size_t next_command(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const std::optional<std::size_t> end = after_string(text, at);
    if (!end) return text.size();
    if (*end != at) {
      at = *end;
      continue;
    }
    const char c = text[at];
    if (text.substr(at, 2) == "//") {
      at = skip_blanks(text, at);
      continue;
    }
    if (c == '(' || c == '[' || c == '{') ++depth;
    if ((c == ')' || c == ']' || c == '}') && depth > 0) --depth;
    if (c == '.' && depth == 0 && is_first_of_line(text, at) && begins_command(text, at)) return at;
    ++at;
  }
  return text.size();
}

}  // namespace wardian::kql::syntax

#include "wardian/cli/shell/shell_completion.h"

#include <algorithm>

#include "wardian/cli/completion_json.h"
#include "wardian/cli/request_of.h"
#include "wardian/cli/shell/commands.h"
#include "wardian/kql/completion/colours.h"
#include "wardian/kql/completion/ranking.h"

namespace wardian::cli {
namespace {

constexpr std::size_t kShownMax = 300;
constexpr std::string_view kBlanks = " \t\r\n";

using kql::Candidate;
using kql::CandidateKind;

std::string answer(std::string_view replaced, std::vector<Candidate> candidates) {
  std::string out = "{\"back\":" + std::to_string(characters_of(replaced)) + ",\"candidates\":";
  append_candidates(out, candidates, kShownMax);
  return out + "}";
}

/// The last word of a text.
std::string_view last_word(std::string_view text) {
  const std::size_t blank = text.find_last_of(kBlanks);
  return text.substr(blank == std::string_view::npos ? 0 : blank + 1);
}

/// Files below the folder that the letters name.
void add_files(std::vector<Candidate>& to, std::string_view typed) {
  namespace fs = std::filesystem;
  const std::size_t slash = typed.rfind('/');
  const std::string_view folder = slash == std::string_view::npos ? std::string_view() : typed.substr(0, slash + 1);
  std::error_code code;
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(folder.empty() ? fs::path(".") : fs::path(folder), code)) {
    if (++seen > 10'000) break;
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') || name.find_first_of(kBlanks) != std::string::npos) continue;
    const bool inner = entry.is_directory(code);
    const std::string whole = std::string(folder) + name + (inner ? "/" : "");
    if (whole.starts_with(typed)) to.push_back({CandidateKind::value, whole, whole, inner ? "folder" : "file"});
  }
  std::ranges::sort(to, {}, &Candidate::label);
}

/// Words of commands, and what follows them.
std::string complete_command(Shell& shell, std::string_view typed) {
  std::vector<Candidate> found;
  for (const auto family : shell_commands()) {
    for (const ShellCommand& command : family) {
      const std::string whole = "." + std::string(command.words);
      if (!whole.starts_with(typed)) continue;
      found.push_back(
          {CandidateKind::statement, whole, whole + (command.arguments.empty() ? "" : " "), std::string(command.summary)});
    }
  }
  if (!found.empty()) return answer(typed, std::move(found));
  const std::string_view word = last_word(typed);
  const std::string_view before = typed.substr(0, typed.size() - word.size());
  const auto follows = [&](std::string_view words) {
    return before.starts_with(words) && before.substr(words.size()).find_first_not_of(kBlanks) == std::string_view::npos;
  };
  const auto add_names = [&](const std::vector<std::string>& names, CandidateKind kind) {
    for (const std::string& name : names) found.push_back({kind, name, name, {}});
  };
  kql::Tables* const tables = shell.tables();
  if (follows(".show table ") && tables != nullptr) {
    add_names(tables->table_names({}), CandidateKind::table);
  } else if (follows(".show function ") && tables != nullptr) {
    add_names(tables->function_names({}), CandidateKind::function);
  } else if (before.starts_with(".show table ")) {
    for (const char* view : {"cslschema", "schema as json"}) found.push_back({CandidateKind::keyword, view, view, {}});
  } else if (follows(".forget ")) {
    for (const auto& one : shell.declarations.all()) found.push_back({CandidateKind::variable, one.name, one.name, one.text});
  } else if (follows(".set ")) {
    for (const SettingHelp& one : shell_settings())
      found.push_back({CandidateKind::parameter, std::string(one.name), std::string(one.name) + " ", std::string(one.values)});
  } else if (follows(".load ") || follows(".save ") || follows(".html ")) {
    add_files(found, word);
    return answer(word, std::move(found));
  } else if (before.starts_with(".set ")) {
    for (const SettingHelp& one : shell_settings()) {
      if (!follows(".set " + std::string(one.name) + " ")) continue;
      for (const char* value : {"csv", "json", "jsonl", "none", "off", "on", "table"})
        if ((" " + std::string(one.values) + ",").find(" " + std::string(value)) != std::string::npos)
          found.push_back({CandidateKind::value, value, value, {}});
    }
  }
  kql::rank(found, word);
  return answer(word, std::move(found));
}

}  // namespace

std::string complete_at_prompt(Shell& shell, std::string_view text, std::size_t cursor) {
  cursor = std::min(cursor, text.size());
  const std::size_t begin = text.find_first_not_of(kBlanks);
  std::string before;
  std::string_view asked = text;
  if (begin != std::string_view::npos && text[begin] == '.' && cursor > begin) {
    const std::string_view typed = text.substr(begin, cursor - begin);
    const std::size_t pipe = typed.find('|');
    if (pipe == std::string_view::npos) return complete_command(shell, typed);
    // Operators over the rows of a command.
    before = "print x = 1 ";
    asked = text.substr(begin + pipe);
    cursor -= begin + pipe;
  } else {
    before = shell.declarations.before(text);
  }
  const auto instance = shell.instance();
  if (!instance.ok()) return answer({}, {});
  const process::CancelToken never;
  session::Request request = request_of(shell.options, never);
  request.text = before + std::string(asked);
  kql::Completion made = (*instance)->complete(request, before.size() + cursor);
  return answer(std::string_view(request.text).substr(made.replaced.begin, made.replaced.end - made.replaced.begin),
                std::move(made.candidates));
}

std::string colours_at_prompt(std::string_view text) {
  std::string out = "[";
  const std::size_t first = text.find_first_not_of(kBlanks);
  std::size_t begin = 0;  // of what is coloured as KQL
  const auto add = [&](std::size_t from, std::size_t to, std::string_view what) {
    out += (out.size() > 1 ? ",[" : "[") + std::to_string(from) + "," + std::to_string(to) + ",\"" + std::string(what) + "\"]";
  };
  if (first != std::string_view::npos && text[first] == '.') {
    begin = std::min(text.find('|'), text.size());
    add(characters_of(text.substr(0, first)), characters_of(text.substr(0, begin)), "command");
  }
  const std::string_view query = text.substr(begin);
  // Spans come in order, so that characters are counted once.
  std::size_t at = 0, character = characters_of(text.substr(0, begin));
  const auto place = [&](std::size_t byte) {
    character += characters_of(query.substr(at, byte - at));
    at = byte;
    return character;
  };
  for (const kql::ColouredSpan& one : kql::coloured_spans(query)) {
    if (one.span.begin < at) continue;
    const std::size_t from = place(one.span.begin);
    add(from, place(one.span.end), kql::text_class_name(one.what));
  }
  return out + "]";
}

}  // namespace wardian::cli

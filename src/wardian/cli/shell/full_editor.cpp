#include <fcntl.h>
#include <simdjson.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "wardian/cli/line_source.h"
#include "wardian/cli/open_instance.h"
#include "wardian/cli/shell/line_editor.h"
#include "wardian/kernels/json_text.h"
#include "wardian/process/child.h"
#include "wardian/process/system_error.h"

// The editor's process speaks with us by lines of JSON over a pair of sockets: python/wardian/_shell/editor.py.
namespace wardian::cli {
namespace {

/// The user's, but for what changes the interpreter.
std::vector<std::string> surroundings() {
  std::vector<std::string> made;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (std::strncmp(*variable, "PYTHON", 6) != 0) made.emplace_back(*variable);
  return made;
}

class FullEditor final : public LineEditor {
 public:
  FullEditor(EditorQuestions questions, process::Child child, UniqueFd socket)
      : questions_(std::move(questions)), child_(std::move(child)), socket_(std::move(socket)), lines_(socket_.get(), nullptr) {}
  ~FullEditor() override {
    // It puts the terminal back into order before it goes.
    ::shutdown(socket_.get(), SHUT_RDWR);
    (void)child_.wait(std::chrono::seconds(2));
  }

  void remember(const std::vector<std::string>& texts) override {
    if (texts.empty()) return;
    std::string line = "{\"history\":";
    kernels::JsonArrayWriter list(line);
    for (const std::string& text : texts) list.add_string(text);
    list.close();
    send(line + "}\n");
  }

  Result<Entry> read(const std::string& prompt) override {
    std::string ask = "{\"prompt\":";
    kernels::append_json_string(ask, prompt);
    send(ask + "}\n");
    while (true) {
      WARDIAN_ASSIGN(const std::optional<std::string> line, lines_.next());
      simdjson::dom::element root;
      if (!line || parser_.parse(*line).get(root) != simdjson::SUCCESS)
        return Error{ErrorCode::internal, "The line editor has ended", {}, {}};
      std::string_view text;
      if (root["entered"].get(text) == simdjson::SUCCESS) return Entry{Entry::Kind::text, std::string(text)};
      if (root["dropped"].error() == simdjson::SUCCESS) return Entry{Entry::Kind::dropped, {}};
      if (root["leave"].error() == simdjson::SUCCESS) return Entry{Entry::Kind::leave, {}};
      send(answer(root) + "\n");
    }
  }

 private:
  std::string answer(const simdjson::dom::element& question) const {
    std::string_view text;
    std::uint64_t cursor = 0;
    if (question["whole"].get(text) == simdjson::SUCCESS) return questions_.is_whole(text) ? "true" : "false";
    if (question["colours"].get(text) == simdjson::SUCCESS) return questions_.colours(text);
    if (question["complete"].get(text) == simdjson::SUCCESS && question["cursor"].get(cursor) == simdjson::SUCCESS)
      return questions_.complete(text, std::min<std::size_t>(cursor, text.size()));
    return "null";
  }

  /// Whoever does not read any more is found out by the next read.
  void send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  EditorQuestions questions_;
  process::Child child_;
  UniqueFd socket_;
  LineSource lines_;
  simdjson::dom::parser parser_;
};

}  // namespace

Result<std::unique_ptr<LineEditor>> make_full_editor(EditorQuestions questions) {
  WARDIAN_ASSIGN(const sandbox::Image image, default_image());
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return process::system_error(ErrorCode::internal, "cannot make a pair of sockets", errno);
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  process::SpawnPlan plan;
  plan.executable = image.python;
  plan.arguments = {"-I", "-B", "-X", "utf8", "-m", "wardian._shell.editor", "3"};
  plan.environment = surroundings();
  plan.descriptors = {
      {STDIN_FILENO, STDIN_FILENO}, {STDOUT_FILENO, STDOUT_FILENO}, {STDERR_FILENO, STDERR_FILENO}, {theirs.get(), 3}};
  WARDIAN_ASSIGN(process::Child child, process::Child::spawn(plan));
  return std::unique_ptr<LineEditor>(std::make_unique<FullEditor>(std::move(questions), std::move(child), std::move(ours)));
}

}  // namespace wardian::cli

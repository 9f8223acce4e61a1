#include "wardian/cli/shell/history.h"

#include <fcntl.h>
#include <simdjson.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "wardian/base/unique_fd.h"
#include "wardian/base/utc_text.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kql/syntax/lexer.h"
#include "wardian/kql/syntax/parser.h"
#include "wardian/process/system_error.h"

namespace wardian::cli {

namespace fs = std::filesystem;

namespace {

Error cannot(const char* what, const fs::path& file, int number) {
  return process::file_error(std::string(what) + file.string(), number);
}

/// The text of a line, or nothing where it is none of ours.
std::optional<std::string> text_of(std::string_view line) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view text;
  if (parser.parse(line.data(), line.size()).get(root) != simdjson::SUCCESS || !root.is_object()) return std::nullopt;
  if (root["text"].get(text) != simdjson::SUCCESS) return std::nullopt;
  return std::string(text);
}

Result<std::string> read_from(int fd, std::uint64_t begin, std::uint64_t end, const fs::path& file) {
  std::string content(end - begin, '\0');
  std::size_t got = 0;
  while (got < content.size()) {
    const ssize_t size = ::pread(fd, content.data() + got, content.size() - got, static_cast<off_t>(begin + got));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return cannot("Cannot read the history: ", file, errno);
    if (size == 0) break;
    got += static_cast<std::size_t>(size);
  }
  content.resize(got);
  return content;
}

Status write_whole(int fd, std::string_view text, const fs::path& file) {
  const ssize_t written = ::write(fd, text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size())) return {};
  return cannot("Cannot write the history: ", file, written < 0 ? errno : ENOSPC);
}

/// The latest half of a file that has grown too long, put into its place. Sessions that write meanwhile wait for the lock.
Status shorten(int fd, std::uint64_t size, const fs::path& file) {
  WARDIAN_ASSIGN(std::string content, read_from(fd, size / 2, size, file));
  content.erase(0, content.find('\n') + 1);
  const fs::path made = file.string() + ".new";
  const UniqueFd out(::open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!out) return cannot("Cannot write the history: ", made, errno);
  WARDIAN_TRY(write_whole(out.get(), content, made));
  if (::rename(made.c_str(), file.c_str()) != 0) return cannot("Cannot write the history: ", file, errno);
  return {};
}

}  // namespace

std::string without_hidden_strings(std::string_view text) {
  using kql::syntax::Token;
  if (text.size() > kql::syntax::kQueryTextBytesMax) return {};
  std::string out;
  std::size_t done = 0;
  for (const Token& token : kql::syntax::lex(text).tokens) {
    const std::string_view word = text.substr(token.span.begin, token.span.end - token.span.begin);
    if (token.kind != kql::syntax::TokenKind::string || (word[0] != 'h' && word[0] != 'H')) continue;
    out += std::string(text.substr(done, token.span.begin - done)) + "h'****'";
    done = token.span.end;
  }
  return out + std::string(text.substr(done));
}

std::optional<fs::path> History::default_file() {
  const char* const state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && fs::path(state).is_absolute()) return fs::path(state) / "wardian" / "history.jsonl";
  const char* const home = std::getenv("HOME");
  if (home == nullptr || !fs::path(home).is_absolute()) return std::nullopt;
  return fs::path(home) / ".local" / "state" / "wardian" / "history.jsonl";
}

Result<std::vector<std::string>> History::news() {
  std::vector<std::string> texts;
  if (!file_) return texts;
  const UniqueFd fd(::open(file_->c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd && errno == ENOENT) return texts;
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return cannot("Cannot read the history: ", *file_, errno);
  if (!S_ISREG(status.st_mode)) return cannot("Cannot read the history: ", *file_, EISDIR);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (status.st_ino != inode_ || size < read_) read_ = 0;
  inode_ = status.st_ino;
  if (size == read_) return texts;
  // A stranger's file of any size: the end of it is enough.
  const std::uint64_t begin = std::max(read_, size > 2 * kFileBytesMax ? size - 2 * kFileBytesMax : 0);
  WARDIAN_ASSIGN(const std::string content, read_from(fd.get(), begin, size, *file_));
  std::string_view rest = content;
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (line.empty()) continue;
    std::optional<std::string> text = line.size() <= 2 * kEntryBytesMax ? text_of(line) : std::nullopt;
    if (!text) {
      ++damaged_;
    } else if (!text->empty() && (texts.empty() || texts.back() != *text)) {
      texts.push_back(*std::move(text));
    }
  }
  read_ = size - rest.size();
  if (texts.size() > kEntriesMax) texts.erase(texts.begin(), texts.end() - static_cast<std::ptrdiff_t>(kEntriesMax));
  return texts;
}

Status History::add(std::string_view text) {
  if (!file_ || text.size() > kEntryBytesMax) return {};
  std::error_code code;
  fs::create_directories(file_->parent_path(), code);
  UniqueFd fd(::open(file_->c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600));
  if (!fd) return cannot("Cannot write the history: ", *file_, errno);
  struct stat status {};
  if (::flock(fd.get(), LOCK_EX) != 0 || ::fstat(fd.get(), &status) != 0)
    return cannot("Cannot write the history: ", *file_, errno);
  if (!S_ISREG(status.st_mode)) return cannot("Cannot write the history: ", *file_, EISDIR);
  if ((status.st_mode & 0077) != 0) ::fchmod(fd.get(), 0600);
  std::string line;
  // A line that was cut by a full disk must not swallow this one.
  char last = '\n';
  if (status.st_size > 0 && ::pread(fd.get(), &last, 1, status.st_size - 1) == 1 && last != '\n') line = "\n";
  line += "{\"at\":\"" + utc_now() + "\",\"text\":";
  kernels::append_json_string(line, text);
  line += "}\n";
  WARDIAN_TRY(write_whole(fd.get(), line, *file_));
  const std::uint64_t size = static_cast<std::uint64_t>(status.st_size) + line.size();
  return size > kFileBytesMax ? shorten(fd.get(), size, *file_) : Status();
}

}  // namespace wardian::cli

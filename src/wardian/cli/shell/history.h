#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "wardian/base/result.h"

namespace wardian::cli {

/// The text with what its hidden strings, h"…", hold replaced: it is to be in no record.
std::string without_hidden_strings(std::string_view text);

/// What was entered, in this session and in others of the same user: one JSON object a line, {"at", "text"}, added whole by one
/// write each, so that sessions side by side and a `kill -9` leave every line whole. The file is nobody else's (mode 0600).
class History {
 public:
  /// `$XDG_STATE_HOME/wardian/history.jsonl`, by default below ~/.local/state; nothing where there is no home.
  static std::optional<std::filesystem::path> default_file();

  explicit History(std::optional<std::filesystem::path> file) : file_(std::move(file)) {}

  /// What was added since it was last asked, by whatever session, oldest first. A file that is not there is empty.
  /// Lines that are none of ours are passed over; `damaged` counts them.
  Result<std::vector<std::string>> news();
  /// Errors: io, disk_full, access_denied; the entry is then lost to later sessions, and nothing else.
  Status add(std::string_view text);

  std::size_t damaged() const { return damaged_; }
  const std::optional<std::filesystem::path>& file() const { return file_; }

  static constexpr std::size_t kEntriesMax = 10'000;
  static constexpr std::size_t kEntryBytesMax = std::size_t{1} << 20;
  /// Beyond it the file is written anew with the latest half of the entries.
  static constexpr std::size_t kFileBytesMax = std::size_t{16} << 20;

 private:
  std::optional<std::filesystem::path> file_;
  std::uint64_t read_ = 0;   // bytes of it
  std::uint64_t inode_ = 0;  // which file that was
  std::size_t damaged_ = 0;
};

}  // namespace wardian::cli

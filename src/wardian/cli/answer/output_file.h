#pragma once

#include <filesystem>
#include <optional>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"
#include "wardian/process/part_file.h"

namespace wardian::cli {

/// The file named by --output, which holds the whole answer or stays what it was: written beside its place and put there by
/// `commit`. What is no plain file (a pipe, a device) is written to as it is. Without `commit` there is no trace of it.
class OutputFile {
 public:
  /// Errors: io, disk_full, when it cannot be made or opened.
  static Result<OutputFile> open(const std::filesystem::path& path);

  int fd() const { return part_ ? part_->fd() : fd_.get(); }
  /// Whether it is a plain file: only then it is whole or untouched, and `restart` possible.
  bool is_replaced() const { return part_.has_value(); }
  const std::filesystem::path& path() const { return path_; }
  /// Takes back what was written: an empty file is in its place from here on, under another descriptor. Gives the old one, whose
  /// file goes with it. Error: io.
  Result<UniqueFd> restart();
  Status commit();

 private:
  OutputFile(std::filesystem::path path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  Status begin_part();

  std::filesystem::path path_;
  UniqueFd fd_;      // itself, or its folder
  mode_t mode_ = 0;  // of what it replaces; 0: nothing
  std::optional<process::PartFile> part_;
};

}  // namespace wardian::cli

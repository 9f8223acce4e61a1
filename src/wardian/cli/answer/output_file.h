#pragma once

#include <filesystem>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"

namespace wardian::cli {

/// The file named by --output, which holds the whole answer or stays what it was: written beside its place and put there by
/// `commit`. What is no plain file (a pipe, a device) is written to as it is.
class OutputFile {
 public:
  /// Error: io, when it cannot be made or opened.
  static Result<OutputFile> open(const std::filesystem::path& path);
  OutputFile(OutputFile&&) = default;
  OutputFile& operator=(OutputFile&& other) noexcept {
    path_.swap(other.path_);
    part_.swap(other.part_);
    fd_.swap(other.fd_);
    return *this;
  }
  /// Without `commit`: leaves no trace.
  ~OutputFile();

  int fd() const { return fd_.get(); }
  /// Whether it is a plain file: only then it is whole or untouched, and `restart` possible.
  bool is_replaced() const { return !part_.empty(); }
  const std::filesystem::path& path() const { return path_; }
  /// Takes back what was written: an empty file is in its place from here on, under another descriptor. Gives the old one, whose
  /// file goes with it. Error: io.
  Result<UniqueFd> restart();
  Status commit();

 private:
  OutputFile(std::filesystem::path path, std::filesystem::path part, UniqueFd fd)
      : path_(std::move(path)), part_(std::move(part)), fd_(std::move(fd)) {}
  std::filesystem::path path_;
  std::filesystem::path part_;  // empty: written to in place
  UniqueFd fd_;
};

}  // namespace wardian::cli

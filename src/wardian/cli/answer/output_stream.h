#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "wardian/base/result.h"

namespace wardian::cli {

/// Buffered writing to a descriptor that it does not own. The first failure is kept and returned from then on. A closed
/// pipe (the reader has seen enough) is no failure: `closed()` turns true and further text is dropped.
class OutputStream {
 public:
  explicit OutputStream(int fd) : fd_(fd) {}
  OutputStream(const OutputStream&) = delete;
  OutputStream& operator=(const OutputStream&) = delete;

  /// Called once, when the first text is about to go out, with as much of it as is there.
  void before_first_write(std::function<void(std::string_view)> act) { before_first_write_ = std::move(act); }

  /// What every text passes through on its way: for a terminal, which takes no control characters of strangers.
  void filter(std::string (*pass)(std::string_view text)) { filter_ = pass; }

  Status write(std::string_view text);
  Status flush();
  bool closed() const { return closed_; }
  /// What is written from here on goes there.
  void redirect(int fd) { fd_ = fd; }
  int fd() const { return fd_; }

 private:
  int fd_;
  std::function<void(std::string_view)> before_first_write_;
  std::string (*filter_)(std::string_view) = nullptr;
  std::string buffer_;
  std::optional<Error> failure_;
  bool closed_ = false;
};

}  // namespace wardian::cli

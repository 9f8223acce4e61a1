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

  /// Called once, when the first text is about to go out.
  void before_first_write(std::function<void()> act) { before_first_write_ = std::move(act); }

  Status write(std::string_view text);
  Status flush();
  bool closed() const { return closed_; }
  /// What is written from here on goes there.
  void redirect(int fd) { fd_ = fd; }
  int fd() const { return fd_; }

 private:
  int fd_;
  std::function<void()> before_first_write_;
  std::string buffer_;
  std::optional<Error> failure_;
  bool closed_ = false;
};

}  // namespace wardian::cli

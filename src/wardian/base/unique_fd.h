#pragma once

#include <unistd.h>

#include <utility>

namespace wardian {

/// Owns one file descriptor; no bare descriptor that someone must close crosses a function boundary.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    UniqueFd(std::move(other)).swap(*this);
    return *this;
  }
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;
  ~UniqueFd() {
    if (fd_ >= 0) ::close(fd_);
  }

  void swap(UniqueFd& other) noexcept { std::swap(fd_, other.fd_); }
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  explicit operator bool() const { return valid(); }
  int release() { return std::exchange(fd_, -1); }
  void reset() { UniqueFd().swap(*this); }

 private:
  int fd_ = -1;
};

}  // namespace wardian

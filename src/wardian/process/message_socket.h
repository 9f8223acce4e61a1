#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"

namespace wardian::process {

/// One datagram. `truncated`: the sender exceeded the receiver's bound; what arrived is not to be used.
struct Message {
  std::string bytes;
  std::vector<UniqueFd> descriptors;
  bool truncated = false;
};

/// One end of a SEQPACKET pair: whole messages, in order, with descriptors; the other end's death is an end of file.
/// Descriptors that arrive beyond the stated number are closed, never leaked.
class MessageSocket {
 public:
  static constexpr std::size_t kDescriptorsMax = 250;  // the kernel's SCM_MAX_FD is 253

  static Result<std::pair<MessageSocket, MessageSocket>> pair();
  MessageSocket() = default;
  explicit MessageSocket(UniqueFd fd) : fd_(std::move(fd)) {}

  int fd() const { return fd_.get(); }
  bool valid() const { return fd_.valid(); }
  void reset() { fd_.reset(); }
  UniqueFd release() && { return std::move(fd_); }

  /// Sends or fails; blocks while the other end's queue is full, but never longer than `timeout`.
  Status send(std::span<const std::byte> bytes, std::span<const int> descriptors = {},
              std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;
  Status send(std::string_view text, std::span<const int> descriptors = {},
              std::chrono::milliseconds timeout = std::chrono::seconds(5)) const;

  enum class Got { message, nothing, end_of_file };
  /// Takes one message if there is one now; never blocks. ECONNRESET counts as end of file.
  Result<Got> receive(Message& message, std::size_t size_bytes_max, std::size_t descriptors_max = 0) const;

 private:
  UniqueFd fd_;
};

}  // namespace wardian::process

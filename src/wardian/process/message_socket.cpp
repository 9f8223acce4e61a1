#include "wardian/process/message_socket.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "wardian/process/system_error.h"

namespace wardian::process {

Result<std::pair<MessageSocket, MessageSocket>> MessageSocket::pair() {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    return system_error(ErrorCode::internal, "cannot make a socket pair", errno);
  return std::pair(MessageSocket(UniqueFd(ends[0])), MessageSocket(UniqueFd(ends[1])));
}

Status MessageSocket::send(std::string_view text, std::span<const int> descriptors, std::chrono::milliseconds timeout) const {
  return send(std::as_bytes(std::span(text)), descriptors, timeout);
}

Status MessageSocket::send(std::span<const std::byte> bytes, std::span<const int> descriptors,
                           std::chrono::milliseconds timeout) const {
  if (descriptors.size() > kDescriptorsMax) return Error{ErrorCode::internal, "too many descriptors in one message", {}, {}};
  iovec part{const_cast<std::byte*>(bytes.data()), bytes.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kDescriptorsMax * sizeof(int))> control{};
  if (!descriptors.empty()) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(descriptors.size() * sizeof(int));
    cmsghdr* const rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
    std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size() * sizeof(int));
  }
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (true) {
    const ssize_t sent = ::sendmsg(fd_.get(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return {};
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return system_error(ErrorCode::io, "cannot send a message", errno);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return Error{ErrorCode::timeout, "cannot send a message: the receiver does not read", {}, {}};
    pollfd wait{fd_.get(), POLLOUT, 0};
    ::poll(&wait, 1, static_cast<int>(left.count()));
  }
}

Result<MessageSocket::Got> MessageSocket::receive(Message& message, std::size_t size_bytes_max,
                                                  std::size_t descriptors_max) const {
  message = Message();
  message.bytes.resize(size_bytes_max);
  iovec part{message.bytes.data(), message.bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kDescriptorsMax * sizeof(int))> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  ssize_t size = 0;
  do {
    size = ::recvmsg(fd_.get(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size < 0) {
    message.bytes.clear();
    if (errno == EAGAIN) return Got::nothing;
    if (errno == ECONNRESET) return Got::end_of_file;
    return system_error(ErrorCode::io, "cannot receive a message", errno);
  }
  bool any_descriptor = false;
  for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr; item = CMSG_NXTHDR(&header, item)) {
    if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(item) + i * sizeof(int), sizeof fd);
      UniqueFd owned(fd);
      any_descriptor = true;
      if (message.descriptors.size() < descriptors_max) message.descriptors.push_back(std::move(owned));
    }
  }
  message.bytes.resize(static_cast<std::size_t>(size));
  message.truncated = (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
  // SEQPACKET has no other sign of the end than an empty read; our own messages are never empty.
  if (size == 0 && !any_descriptor && !message.truncated) return Got::end_of_file;
  return Got::message;
}

}  // namespace wardian::process

#include "wardian/cli/debug/peer_user.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <string>

namespace wardian::cli {

std::optional<uid_t> peer_user(int connection) {
  sockaddr_in ours{}, theirs{};
  socklen_t size = sizeof ours;
  if (::getsockname(connection, reinterpret_cast<sockaddr*>(&ours), &size) != 0) return std::nullopt;
  size = sizeof theirs;
  if (::getpeername(connection, reinterpret_cast<sockaddr*>(&theirs), &size) != 0) return std::nullopt;
  // As the lists have it: the address as a number of this machine's, the port as people read it.
  const auto end_of = [](const sockaddr_in& address, const char* before) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s%08X:%04X", before, address.sin_addr.s_addr, ntohs(address.sin_port));
    return std::string(text.data());
  };
  for (const auto& [list, before] : {std::pair("/proc/net/tcp", ""), std::pair("/proc/net/tcp6", "0000000000000000FFFF0000")}) {
    std::ifstream file(list);
    const std::string wanted = " " + end_of(theirs, before) + " " + end_of(ours, before) + " ";
    for (std::string line; std::getline(file, line);) {
      const std::size_t at = line.find(wanted);
      if (at == std::string::npos) continue;
      // Behind the ends: state, queues, timer, retransmits, user.
      unsigned user = 0;
      if (std::sscanf(line.c_str() + at + wanted.size(), "%*s %*s %*s %*s %u", &user) == 1) return user;
    }
  }
  return std::nullopt;
}

}  // namespace wardian::cli

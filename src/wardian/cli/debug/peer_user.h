#pragma once

#include <sys/types.h>

#include <optional>

namespace wardian::cli {

/// Whose process is at the other end of a connection over the loopback interface; nullopt where the system does not tell. The kernel
/// knows it for Unix sockets only, but lists the other end among this machine's connections.
std::optional<uid_t> peer_user(int connection);

}  // namespace wardian::cli

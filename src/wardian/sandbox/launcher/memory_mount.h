#pragma once

namespace wardian::sandbox::launcher {

enum class Holds { data, code };

/// A mount of our own for memory in large pages (see process::MemoryFolder): a descriptor, or -1 where the kernel has no such
/// thing, and all do with memfds. In the mount namespace of the caller, who needs CAP_SYS_ADMIN over it, but attached nowhere.
/// Files of a mount that holds data can never be executed.
int make_memory_mount(Holds what);

/// Sends the mount to the supervisor, who keeps frames there.
void offer_memory_mount(int mount, int socket);

/// An empty file there, for the zygote's heap and code; -1 when it cannot be had.
int make_memory_file(int mount);

}  // namespace wardian::sandbox::launcher

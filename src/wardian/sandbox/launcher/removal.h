#pragma once

#include <string>

namespace wardian::sandbox::launcher {

/// Removes a file or a whole tree of any depth, folders without permissions included; follows no link and crosses into no other file
/// system. A missing one is fine. No stranger may be writing there any more.
void remove_tree(const std::string& path);

/// Kills what lives in a control group and its children, then removes them, waiting at most `wait_ms`. A missing one is fine.
void remove_cgroup(const std::string& path, int wait_ms);

}  // namespace wardian::sandbox::launcher

#pragma once

#include <string>

#include "wardian/sandbox/image.h"
#include "wardian/sandbox/launch_plan.h"
#include "wardian/sandbox/level.h"
#include "wardian/sandbox/system_call_filter.h"

namespace wardian::sandbox {

/// Everything that decides how a zygote is launched.
struct LaunchInputs {
  Level level = Level::f;
  Machine machine;
  Image image;
  ImageLayout layout;
  Parts parts;
  std::string filter;          // the system call filter's program
  std::string files_folder;    // of files shown to calls (ShownFiles); empty: none
  std::uint32_t own_uid = 0;   // effective, of this process
  std::uint32_t id_first = 0;  // first of the host ids for the slots; 0: the caller's own
  std::uint32_t id_count = 0;
};

struct Launch {
  LaunchPlan plan;     // for the launcher; cgroups, clean-up and record are the caller's to add
  std::string config;  // for the zygote, JSON
};

/// What else holds a script at this level, which decides how much the filter alone must.
FilterSurroundings filter_surroundings(const LaunchInputs& inputs);

/// The mount tree, the identities, the environment and the Landlock rules of one level. Reads the host's links, changes nothing.
Launch lay_out(const LaunchInputs& inputs);

inline constexpr const char* kScratchFolder = "/scratch";

/// Ids for slots, from the text of /proc/self/uid_map: a block far from those in use, chosen by pid; count 0 when there is no room.
struct IdBlock {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};
IdBlock choose_ids(std::string_view uid_map, std::uint32_t pid);

}  // namespace wardian::sandbox

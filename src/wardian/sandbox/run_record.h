#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"
#include "wardian/sandbox/launch_plan.h"

namespace wardian::sandbox {

/// A small file that says what must be removed once this process is gone. While someone of the run lives (this process or its
/// launcher) it is locked; a record that can be locked is an orphan, and whoever starts next does its clean-up.
class RunRecord {
 public:
  /// In the machine's run folder for root, in the user's own otherwise.
  static Result<RunRecord> write(const std::string& name, const LaunchPlan& plan);
  /// As `write`, in a folder of the caller's choice.
  static Result<RunRecord> write_in(const std::filesystem::path& folder, const std::string& name, const LaunchPlan& plan);

  RunRecord() = default;
  RunRecord(RunRecord&&) = default;
  RunRecord& operator=(RunRecord&&) = default;
  const std::string& path() const { return path_; }
  /// Replaces what it says.
  Status rewrite(const LaunchPlan& plan);
  /// Nothing is left to clean.
  void erase();

 private:
  std::string path_;
  UniqueFd locked_;
};

/// Where records of this user lie: in a private folder of this name, which goes with the last of them.
struct RecordPlace {
  std::filesystem::path parent;
  std::string name;
};
RecordPlace record_place();
/// Cleans after every dead run of this user; returns how many there were.
unsigned clean_orphans();
/// Likewise, after those whose records lie in `folder`.
unsigned clean_orphans(const std::filesystem::path& folder);

}  // namespace wardian::sandbox

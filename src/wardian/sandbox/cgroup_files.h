#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wardian::sandbox {

/// The few file operations that control groups need, so that their logic can run on a made-up tree.
/// Each returns 0 or an errno value.
class CgroupFiles {
 public:
  virtual ~CgroupFiles() = default;
  virtual std::optional<std::string> read(const std::string& path) = 0;
  virtual int write(const std::string& path, std::string_view text) = 0;  // never creates a file
  virtual int make_folder(const std::string& path) = 0;
  virtual int remove_folder(const std::string& path) = 0;
  virtual bool writable(const std::string& path) = 0;
  virtual bool folder_exists(const std::string& path) = 0;
};

/// The kernel's own.
CgroupFiles& kernel_cgroup_files();

}  // namespace wardian::sandbox

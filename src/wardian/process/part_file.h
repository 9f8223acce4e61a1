#pragma once

#include <string>

#include "wardian/base/unique_fd.h"

namespace wardian::process {

/// A file under construction: without a name where the file system can do that, so that nothing is left when we are killed. Without
/// `put_at` it goes with this object.
class PartFile {
 public:
  /// In `folder`, a descriptor that outlives it; for reading and writing. Invalid with errno.
  static PartFile make(int folder);
  PartFile(PartFile&& other) noexcept { swap(other); }
  PartFile& operator=(PartFile&& other) noexcept {
    swap(other);
    return *this;
  }
  ~PartFile();

  explicit operator bool() const { return fd_.valid(); }
  int fd() const { return fd_.get(); }
  /// Gives it its name in the folder, in the place of what has it already, if `replace`. False with errno.
  bool put_at(const std::string& name, bool replace);

 private:
  PartFile() = default;
  void swap(PartFile& other) noexcept;

  int folder_ = -1;
  std::string name_;  // where it needs one meanwhile
  UniqueFd fd_;
  bool named_ = false;
};

/// How files that need a name meanwhile are called.
bool is_part_name(std::string_view name);

}  // namespace wardian::process

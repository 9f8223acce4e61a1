#pragma once

#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "wardian/session/request.h"

namespace wardian::cli {

/// What the Python operators of one query have cost, as it is told. From any thread.
class ProfileList {
 public:
  void add(const session::PythonProfile& one) {
    const std::lock_guard lock(mutex_);
    profiles_.push_back(one);
  }
  std::vector<session::PythonProfile> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(profiles_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<session::PythonProfile> profiles_;
};

/// As tables for a person: the phases, the imports, the lines of the script that were run, each with its text.
std::string profile_text(std::span<const session::PythonProfile> profiles);

/// As one JSON array, an object for each operator. Times in seconds, memory in bytes.
std::string profile_json(std::span<const session::PythonProfile> profiles);

}  // namespace wardian::cli

#pragma once

#include <filesystem>
#include <string>

namespace wardian::catalog {

/// A database file as it is before much is written to it. A transaction that fails leaves the blocks that it had written already, which
/// the file's header never came to name: on a full disk they would keep out whatever is smaller.
class GrownFile {
 public:
  explicit GrownFile(std::filesystem::path file);

  /// Cuts off what was appended, unless the header says something new. While the file is still attached, so that nobody else writes.
  void shrink() const;

 private:
  std::filesystem::path file_;
  std::string header_;
  std::uintmax_t bytes_ = 0;
};

}  // namespace wardian::catalog

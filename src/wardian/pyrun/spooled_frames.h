#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"
#include "wardian/columnar/frame.h"
#include "wardian/columnar/frame_decoder.h"

namespace wardian::pyrun {

/// Pieces of a result, in order, in a file on disk that has no name. A piece is copied in from where a script that still lives
/// has written it, and only then, when nobody else can reach it, checked in full. Of the file no more is in memory than what is
/// being checked or read: its frames let go of their pages (columnar::Frame::let_go).
class SpooledFrames {
 public:
  struct Limits {
    std::uint64_t bytes_max = std::uint64_t{256} << 30;
    std::size_t pieces_max = 1'000'000;
    columnar::DecodeLimits decode{.rows_max = std::uint64_t{1} << 40};
  };

  /// An empty one in `folder`. Errors: disk_full, io.
  static Result<SpooledFrames> create(const std::filesystem::path& folder, columnar::Schema schema, const Limits& limits);

  /// Takes the first `bytes` of `from`, an Arrow stream with the rows of one piece. They are untrusted, and may change meanwhile.
  /// Errors: bad_result, output_limit, disk_full, io.
  Status append(int from, std::uint64_t bytes);

  /// One frame a piece that has rows; at least one, if need be without rows.
  std::vector<std::shared_ptr<const columnar::Frame>> frames() const;

  std::uint64_t rows() const { return rows_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  SpooledFrames(columnar::Schema schema, const Limits& limits) : schema_(std::move(schema)), limits_(limits) {}

  columnar::Schema schema_;
  Limits limits_;
  UniqueFd file_;
  std::shared_ptr<const std::byte> map_;  // of as much as the file may come to hold
  std::uint64_t bytes_ = 0;
  std::uint64_t rows_ = 0;
  std::vector<std::shared_ptr<const columnar::Frame>> frames_;
};

}  // namespace wardian::pyrun

#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/columnar/batch.h"
#include "wardian/columnar/frame.h"
#include "wardian/columnar/frame_writer.h"
#include "wardian/process/memory_folder.h"

namespace wardian::pyrun {

/// Some columns of a frame in a sealed memory file: one Arrow record batch.
struct FramePart {
  process::MemoryFile file;
  columnar::FrameLayout layout;
};

/// Where a frame may lie.
struct FrameHome {
  const process::MemoryFolder* memory = nullptr;  // for large ones, in large pages
  std::filesystem::path spill_folder = {};        // for what outgrows `memory_bytes_max` of the options; empty: nothing may
  std::function<Status()> may_spill = {};         // asked before something does
};

/// A table in sealed memory, ready to be handed to any number of Python calls. A small one lies in one file, a large one in as
/// many as threads may usefully write to at once; in the home's memory, where there is one, in large pages. Beyond what it may take in
/// memory it lies on disk, in files without a name that nobody can write to any more.
class SealedFrame {
 public:
  /// Drains the stream. Errors: the stream's, result_too_large (also past half of the machine's memory, where it must lie there),
  /// disk_full, io.
  static Result<std::shared_ptr<const SealedFrame>> write(columnar::BatchStream& stream, const FrameHome& home = {},
                                                          const columnar::FrameWriterOptions& options = {});

  /// Lets `fill` write the rows, from as many threads as it likes.
  static Result<std::shared_ptr<const SealedFrame>> fill(const columnar::Schema& schema, const FrameHome& home,
                                                         const columnar::FrameWriterOptions& options,
                                                         const std::function<Status(columnar::FrameWriter&)>& fill);

  /// A frame whose one file is somebody else's: only its layout may be asked for.
  static std::shared_ptr<const SealedFrame> kept_elsewhere(columnar::FrameLayout layout);

  const columnar::Schema& schema() const { return schema_; }
  std::uint64_t rows() const { return parts_.front().layout.table.rows; }

  /// More than a block of rows.
  bool large() const { return large_; }

  /// Column `c` of the frame is column c / parts of part c % parts.
  const std::vector<FramePart>& parts() const { return parts_; }
  const FramePart& part_of(std::size_t column) const { return parts_[column % parts_.size()]; }
  std::size_t place_in_part(std::size_t column) const { return column / parts_.size(); }

  /// The frame's own columns, by position, mapped for reading; rows [begin, begin + rows), `begin` a multiple of 64.
  Result<columnar::Frame> map(std::span<const std::size_t> columns, std::uint64_t begin, std::uint64_t rows) const;

 private:
  SealedFrame(columnar::Schema schema, std::vector<FramePart> parts, bool large)
      : schema_(std::move(schema)), parts_(std::move(parts)), large_(large) {}
  columnar::Schema schema_;
  std::vector<FramePart> parts_;
  bool large_;
};

}  // namespace wardian::pyrun

#pragma once

#include <functional>
#include <span>

#include "wardian/base/result.h"
#include "wardian/columnar/frame_writer.h"

namespace wardian::columnar {

/// A column of a written frame: where its file and the file's layout have it.
struct WrittenColumn {
  int fd = -1;
  const FrameLayout* layout = nullptr;
  std::size_t place = 0;  // among the layout's columns
};

/// Writes rows [begin, begin + rows) of these columns into the empty file `target` as one Arrow IPC stream without gaps, which
/// may be kept and read by anyone; `begin` is a multiple of 64. Values, units and types stay as they were written.
/// The layout that comes back counts as many nulls as `columns` do, so that whoever reads by it sees the same columns; the file
/// itself says how many there are in these rows.
/// `go_on` is asked after every mebibyte. Errors: those of `go_on`, io, disk_full.
Result<FrameLayout> copy_frame(std::span<const WrittenColumn> columns, std::uint64_t begin, std::uint64_t rows, int target,
                               const std::function<Status()>& go_on);

}  // namespace wardian::columnar

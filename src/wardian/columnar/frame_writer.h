#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/columnar/batch.h"
#include "wardian/columnar/border_type.h"

namespace wardian::columnar {

/// Where everything lies in one file of a written frame. The file is an Arrow IPC stream whose record batch has gaps
/// between its buffers: each begins on a page, far from the next, because sizes are unknown until the last batch has come.
/// The gaps hold no memory, but the file is too long to be mapped whole: map each buffer, at `body_begin + range.offset`.
struct FrameLayout {
  Schema schema;
  BorderTable table;
  std::uint64_t body_begin = 0;
  /// Of each column the texts of more than a byte: the others are no objects of their own in Python.
  std::vector<std::uint64_t> long_texts = {};
};

struct FrameWriterOptions {
  /// Without the gaps: what the frame takes, wherever it lies.
  std::uint64_t data_bytes_max = UINT64_MAX;
  /// What it may take in memory; beyond, it moves to disk.
  std::uint64_t memory_bytes_max = UINT64_MAX;
  /// Rows beyond `data_bytes_max`, or beyond what the disk holds, are counted to the last, so that the error says how much would be needed.
  bool counts_beyond = false;
  /// Digits after the point of decimal columns.
  std::uint8_t decimal_scale = 17;
};

/// Where the files of a frame lie: one block of rows in memory, more of them in memory, on disk.
enum class FramePlace : std::uint8_t { small, large, disk };

/// Opens the empty files of a frame, one or more, which must be able to have holes; they stay the caller's. Called when the first
/// rows are written; and again for the disk, once a frame in memory has outgrown that: the first files hold nothing of it any more.
using FrameFiles = std::function<Result<std::vector<int>>(FramePlace place)>;

/// Writes batches as one contiguous Arrow record batch into memory files: column c of n files goes to file c % n.
/// Values: datetime becomes timestamp[ns], timespan duration[ns]; the whole column stays in ticks, as int64, when a value lies
/// outside 1677–2262 or beyond some 292 years. Under nulls stand what pandas takes for missing: NaN in real, not-a-time in datetime and timespan;
/// zero elsewhere. Strings that are null are written empty.
/// Written by `pwrite`, not through a map: half the time, as no page is faulted in or cleared first (measured: 160 MB in
/// 62 ms against 128), and a full machine is an error instead of a signal.
class FrameWriter {
 public:
  FrameWriter(FrameFiles files, const Schema& schema, const FrameWriterOptions& options);
  FrameWriter(FrameWriter&&) noexcept;
  FrameWriter& operator=(FrameWriter&&) noexcept;
  ~FrameWriter();

  const Schema& schema() const;

  /// Adds rows; those of one thread stand in the order of its calls, each batch's together. Thread-safe: several threads write
  /// at the same time. Errors: result_too_large past `data_bytes_max`, disk_full, io when a file cannot grow, those of `files`.
  Status append(const Batch& batch);

  /// Writes what is left, the validity and the metadata; the caller may then seal the files. After all appends. One layout a file.
  /// With `counts_beyond` the errors of too many rows come here, with all of them counted.
  Result<std::vector<FrameLayout>> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wardian::columnar

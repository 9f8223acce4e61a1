#pragma once

#include <memory>
#include <span>

#include "wardian/base/result.h"
#include "wardian/columnar/frame.h"

namespace wardian::columnar {

struct DecodeLimits {
  std::uint64_t rows_max = std::uint64_t{1} << 32;
  std::uint64_t cell_bytes_max = std::uint64_t{64} << 20;
};

/// Turns what a script left behind into a frame. The bytes are untrusted, but must not change any more: the writer is
/// dead and the memory sealed. In order: one schema and one batch, bounds of all metadata and buffers, columns as
/// `expected` by name, order and type, row and cell limits, then every value: offsets in order and within the text,
/// UTF-8, JSON in dynamic columns, canonical guids, times within KQL's range, decimals within their precision.
/// Values are not copied; `owner` keeps `bytes`. Errors: bad_result, output_limit.
Result<Frame> decode_frame(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, const Schema& expected,
                           const DecodeLimits& limits);

/// The values of one column, as above; also used for columns that come by another way. Counts the nulls anew.
Status check_values(FrameColumn& column, std::uint64_t rows, std::uint64_t text_bytes, const DecodeLimits& limits);

}  // namespace wardian::columnar

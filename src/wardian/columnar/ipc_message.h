#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/columnar/border_type.h"

/// Arrow's IPC stream, for the few types that cross our border: a schema message, one record batch, an end mark.
/// Source: Arrow columnar format 1.5, "Serialization and Interprocess Communication", and its Message.fbs and Schema.fbs.
namespace wardian::columnar {

/// Continuation mark, length, metadata, padded with zeros to a multiple of 64 bytes or to `total_bytes` if that is more.
std::vector<std::byte> encode_schema_message(const BorderTable& table, std::size_t total_bytes = 0);
std::vector<std::byte> encode_batch_message(const BorderTable& table, std::size_t total_bytes = 0);
/// The end of a stream.
inline constexpr std::byte kStreamEnd[8] = {std::byte{0xff}, std::byte{0xff}, std::byte{0xff}, std::byte{0xff}};

struct StreamLimits {
  std::uint64_t rows_max = UINT64_MAX;
  std::size_t columns_max = 1000;
  std::size_t metadata_bytes_max = std::size_t{16} << 20;
};

/// A stream whose frame has been checked: the buffers of `table` lie within `body`, do not run past it, and are as long
/// as the rows need. What is inside the buffers is not yet looked at.
struct OpenedStream {
  BorderTable table;
  std::span<const std::byte> body;
};

/// Reads untrusted bytes: exactly one schema and one record batch, of the types above, uncompressed, without metadata of
/// their own, dictionaries or nesting. The error is `bad_result` and says what is wrong; `output_limit` for limits.
Result<OpenedStream> open_stream(std::span<const std::byte> bytes, const StreamLimits& limits);

}  // namespace wardian::columnar

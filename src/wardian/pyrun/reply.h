#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/columnar/type.h"

namespace wardian::pyrun {

/// Where a column of a result is: number `index` of those written, or column `index` of input `input`, unchanged.
struct ColumnSource {
  std::optional<std::size_t> input;
  std::size_t index = 0;
};
struct FrameReply {
  std::uint64_t rows = 0;
  std::vector<ColumnSource> sources;
  std::optional<columnar::Schema> inferred;
};
struct BlobReply {
  std::uint64_t bytes = 0;
};
struct ExtrasReply {
  std::uint64_t index_bytes = 0;
};
struct AbsentReply {};
using OutputReply = std::variant<AbsentReply, FrameReply, BlobReply, ExtrasReply>;

/// The call failed, in the entry module's own words.
struct FailureReply {
  ErrorCode code = ErrorCode::script_error;
  std::string message;
  std::string hint;
  std::optional<std::uint32_t> line;  // of the script, from 1
  std::string report;                 // the traceback
};
using Reply = std::variant<std::vector<OutputReply>, FailureReply>;

/// Reads what the entry module said. It is a claim by untrusted code: only its form is checked here. Errors: bad_result.
Result<Reply> decode_reply(std::string_view json);

}  // namespace wardian::pyrun

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wardian/base/result.h"
#include "wardian/pyrun/sealed_frame.h"

namespace wardian::pyrun {

/// At least so many bytes the script's process needs of its own for a table, or for some of its rows. Columns that pandas has in the form
/// in which they lie in the frame (int, long, real, and times unless they lie beyond nanoseconds) need none, however large they
/// are: their pages are the file's. Texts, dynamic values, guids and decimals become Python objects.
/// `dtypes`: as Call::dtypes; with "nullable" texts and guids stay Arrow's, with "arrow" all but dynamic values.
std::uint64_t memory_needed_min(const SealedFrame& frame, std::uint64_t rows, std::string_view dtypes);

/// Tells what cannot fit, before a script is begun for it: memory_limit, with what is needed, by which columns, and the limit. `what`
/// is the table in the error's words.
Status check_fits(const SealedFrame& frame, std::uint64_t rows, std::string_view dtypes, std::uint64_t memory_bytes_max,
                  const std::string& what);

}  // namespace wardian::pyrun

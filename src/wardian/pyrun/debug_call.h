#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "wardian/pyrun/debug_folder.h"

namespace wardian::pyrun {

/// Writes the files of one call into an empty folder: the `number`-th of its query. Errors: disk_full, io, cancelled, timeout.
Status write_debug_call(const std::filesystem::path& folder, const DebugOrigin& origin, std::uint64_t number,
                        const SentCall& sent);

/// Adds the `number`-th batch of a call that takes some, as a script may be handed it: the rows, an Arrow IPC stream, and beside it how
/// they are handed over. Errors: likewise.
Status write_debug_batch(const std::filesystem::path& folder, std::uint64_t number,
                         const std::shared_ptr<const SealedFrame>& batch, const Call& call);

/// The script as a file: line for line the literal's, and without the indentation of the whole where that changes nothing but
/// its looks, so that editors take it for what it is.
std::string script_file_text(std::string_view script);

}  // namespace wardian::pyrun

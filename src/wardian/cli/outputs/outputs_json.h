#pragma once

#include <span>
#include <string>

#include "wardian/cli/outputs/artifact_folder.h"
#include "wardian/session/answer.h"

namespace wardian::cli {

/// Of contents within one line, before they are written as text.
inline constexpr std::uint64_t kLineDataBytesMax = std::uint64_t{64} << 20;

/// Appends [{"name", "kind", "type", "size", "path" or "data"}]: a path where there is a folder to save in, else the content in
/// base64, but for blobs that the database folder keeps: "kept": true. Errors: result_too_large beyond kLineDataBytesMax, and those of
/// ArtifactFolder::save.
Status append_outputs_json(std::string& out, std::span<const session::LeftOutput> outputs, ArtifactFolder* folder);

}  // namespace wardian::cli

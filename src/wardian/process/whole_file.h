#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "wardian/base/result.h"

namespace wardian::process {

/// A text of a size that texts have: a device may have no end. Errors: file_not_found (also for a folder), bad_file, io.
Result<std::string> read_whole_file(const std::filesystem::path& path);
inline constexpr std::size_t kWholeFileBytesMax = std::size_t{256} << 20;

struct WholeFile {
  bool replace = true;   // what has the name already: a link itself, not what it points to
  bool durable = false;  // it is on the disk when the call returns
};

/// Puts a file into `folder`, a descriptor: under its name there is what was there, or the whole of the new file, whatever happens on
/// the way. `name` has no slash; `shown` is the path for errors. False: something has the name, and is not to be replaced.
/// Errors: disk_full, io.
Result<bool> write_whole_file(int folder, const std::string& name, std::span<const std::string_view> pieces, WholeFile how,
                              const std::filesystem::path& shown);

/// Writes a file in a folder that is nobody else's, as it comes. Errors: disk_full, io.
Status write_text_file(const std::filesystem::path& file, std::string_view text);

/// Removes what writers that were killed left in the folder a day ago or earlier.
void remove_left_parts(int folder);

}  // namespace wardian::process

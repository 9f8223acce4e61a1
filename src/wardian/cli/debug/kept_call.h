#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/base/unique_fd.h"
#include "wardian/process/memory_file.h"
#include "wardian/sandbox/policy.h"

namespace wardian::cli {

/// A kept call as its folder is now; see pyrun/debug_folder.h for who writes it.
struct KeptCall {
  std::filesystem::path folder;  // absolute, without links
  std::string description;       // call.json
  std::string script;            // UTF-8
  std::string arguments;         // kargs.json; "null" where there is none
  std::vector<UniqueFd> inputs;  // in the order of the request
  bool takes_batches = false;    // which lie in the folder beside
  std::size_t outputs = 0;
  std::string image;             // by its name
  std::filesystem::path python;  // the interpreter that the query had
  struct File {
    std::string name;
    UniqueFd file;
  };
  std::vector<File> files;  // artifacts
  sandbox::Policy limits;   // likewise

  std::filesystem::path script_file() const { return folder / "script.py"; }
};

/// Errors: file_not_found, bad_file where the folder holds no call, or names files outside of it.
Result<KeptCall> read_kept_call(const std::filesystem::path& folder);

/// A file's bytes from where it stands, for a sandbox. Errors: bad_file, io.
Result<process::MemoryFile> sealed_copy(const UniqueFd& file);
/// Likewise of a file of the folder, which may come from a stranger. Errors: also file_not_found.
Result<process::MemoryFile> sealed_copy_inside(const std::filesystem::path& folder, const std::filesystem::path& name);

}  // namespace wardian::cli

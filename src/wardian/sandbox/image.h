#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "wardian/base/result.h"

namespace wardian::sandbox {

/// What runs inside: a Python environment and the module that serves calls.
/// The module offers `warm_up()` (run once in the zygote: import and warm what calls need), `practise()` (run in the zygote now and
/// then: one dummy request, to see what memory it touches), `rehearse()` (run in each child after confinement, before it joins the
/// pool: likewise, so that its memory is touched) and
/// `example()` (for learning which objects calls write to: descriptors of one request, its inputs and outputs) and
/// `serve(request: bytes, inputs: list[int], outputs: list[int], **ways) -> bytes` (one call; reply of at most 64 KiB; `dialogue`
/// where the call goes on talking, see child.py, and `pipes` where it has some).
/// `inputs` are descriptors of sealed memory files, `outputs` of empty writable ones. Only `serve` must be there.
struct Image {
  std::filesystem::path python;  // the environment's bin/python
  std::string entry_module = "wardian._inside";
  std::vector<std::filesystem::path> module_paths;     // put before the environment's own on sys.path; visible inside
  std::vector<std::filesystem::path> read_only_paths;  // further files and folders to show inside, at their own names
  std::vector<std::string> environment;                // further "NAME=value"; never secrets: scripts see them
  /// A virtual environment whose packages `python`, an interpreter outside of it, is to see, and of which nothing may run outside the
  /// sandbox: no start-up file of it (`*.pth`) either. Empty: `python` is asked what it sees by itself.
  std::filesystem::path environment_folder;
};

/// Where the sandbox's own parts lie: the launcher and the zygote's files, one folder.
struct Parts {
  std::filesystem::path folder;
  std::filesystem::path launcher() const { return folder / "wardian-launcher"; }
  std::filesystem::path zygote() const { return folder / "zygote.py"; }
  std::filesystem::path extension() const { return folder / "_confine.abi3.so"; }
  /// What learn_placement.py found out about calls of this entry module; need not be there.
  std::filesystem::path placement(const std::string& entry_module) const { return folder / (entry_module + ".placement"); }
};

/// Looks beside and above the running program: an installed environment first, then a build tree.
Result<Parts> find_parts();

/// What the environment says about itself: asked once, by running it.
struct ImageLayout {
  std::filesystem::path executable;                // with all links resolved
  std::string version;                             // "3.11.2"
  std::string prefix;                              // the environment's folder: sys.prefix
  std::vector<std::string> search_path;            // sys.path without the empty entry
  std::vector<std::filesystem::path> shown_paths;  // what must be visible inside for it to run
};
Result<ImageLayout> examine_image(const Image& image);

}  // namespace wardian::sandbox

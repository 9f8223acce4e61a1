#pragma once

#include <span>
#include <string>

#include "wardian/pyrun/call.h"

namespace wardian::pyrun {

/// One input as the call sees it: the frame and which of its rows.
struct InputSlice {
  std::string variable;
  std::shared_ptr<const SealedFrame> frame;
  std::uint64_t begin = 0;
  std::uint64_t rows = 0;
};

/// The request that python/wardian/_inside/call.py reads: JSON.
/// `files_folder`: where its files are, as the child spells it.
std::string encode_request(const Call& call, std::span<const InputSlice> inputs, const std::string& files_folder);

/// One input alone, as that request has it: how a batch is described to the child that asked for it.
std::string encode_input(const InputSlice& slice);

}  // namespace wardian::pyrun

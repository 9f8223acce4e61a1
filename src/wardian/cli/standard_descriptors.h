#pragma once

namespace wardian::cli {

/// Opens /dev/null for those of descriptors 0, 1 and 2 that the caller closed. Otherwise the first files, sockets and memory of ours would
/// get these numbers, and what is printed would land in them.
void open_standard_descriptors();

}  // namespace wardian::cli

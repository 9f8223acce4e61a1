#pragma once

#include <functional>
#include <thread>

#include "wardian/base/result.h"

namespace wardian::process {

/// std::thread's constructor throws where the machine or the user has no thread left, and nobody up there expects it: here that is an
/// error like any other (`out_of_memory`).
Result<std::thread> start_thread(std::function<void()> work);

}  // namespace wardian::process

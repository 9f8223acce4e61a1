#include "wardian/process/start_thread.h"

#include <system_error>

#include "wardian/process/system_error.h"

namespace wardian::process {

Result<std::thread> start_thread(std::function<void()> work) {
  try {
    return std::thread(std::move(work));
  } catch (const std::system_error& error) {
    return system_error(ErrorCode::out_of_memory, "cannot start a thread", error.code().value());
  }
}

}  // namespace wardian::process

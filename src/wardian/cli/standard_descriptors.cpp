#include "wardian/cli/standard_descriptors.h"

#include <fcntl.h>
#include <unistd.h>

namespace wardian::cli {

void open_standard_descriptors() {
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(standard, F_GETFD) >= 0) continue;
    // The lowest free number is this one: those below are open by now. The other way round, so that using it still fails (EBADF).
    ::open("/dev/null", standard == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace wardian::cli

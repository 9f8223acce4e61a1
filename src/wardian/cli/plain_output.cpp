#include "wardian/cli/plain_output.h"

#include <unistd.h>

#include <cstdio>

#include "wardian/cli/answer/output_stream.h"
#include "wardian/cli/commands.h"
#include "wardian/cli/error_text.h"

namespace wardian::cli {

int show_text(const std::string& text) {
  OutputStream out(STDOUT_FILENO);
  Status written = out.write(text);
  if (written.ok()) written = out.flush();
  if (written.ok()) return kFine;
  std::fputs(error_text(written.error(), {}, "").c_str(), stderr);
  return kFailed;
}

int output_failed(const std::string& place) {
  std::fputs(error_text({ErrorCode::io, "Cannot write to " + place, {}, {}}, {}, "").c_str(), stderr);
  return kFailed;
}

}  // namespace wardian::cli

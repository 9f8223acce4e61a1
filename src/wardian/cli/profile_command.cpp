#include <cstdio>

#include "wardian/cli/commands.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/interrupt.h"
#include "wardian/cli/open_instance.h"
#include "wardian/cli/plain_output.h"
#include "wardian/cli/profile_text.h"
#include "wardian/cli/request_of.h"

namespace wardian::cli {
namespace {

/// Computes the whole answer, which nobody is shown.
Status compute(session::Instance& instance, const session::Request& request) {
  WARDIAN_ASSIGN(const auto answer, instance.run(request));
  while (true) {
    WARDIAN_ASSIGN(std::optional<session::ResultTable> table, answer->next());
    if (!table) return {};
    while (true) {
      WARDIAN_ASSIGN(const std::optional<columnar::Batch> batch, table->rows->next());
      if (!batch) break;
    }
  }
}

}  // namespace

int run_profile(const QueryOptions& options) {
  const InterruptScope interrupt;
  ProfileList profiles;
  const auto instance = open_instance(options.surroundings);
  Status done = instance.ok() ? Status() : Status(instance.error());
  if (done.ok()) {
    session::Request request = request_of(options, interrupt.token());
    request.on_profile = [&](const session::PythonProfile& one) { profiles.add(one); };
    done = compute(**instance, request);
    // Only now, as after a query.
    (*instance)->leave();
  }
  const std::vector<session::PythonProfile> told = profiles.take();
  // A query that fails has cost something as well.
  int status = kFine;
  if (done.ok() || !told.empty())
    status = show_text(options.format == AnswerFormat::json ? profile_json(told) + "\n" : profile_text(told));
  if (done.ok()) return status;
  std::fputs(error_text(done.error(), options.text, options.text_name).c_str(), stderr);
  return interrupt.token().cancelled() ? kInterrupted : kFailed;
}

}  // namespace wardian::cli

#pragma once

#include "wardian/cli/answer/answer_writer.h"
#include "wardian/session/answer.h"

namespace wardian::cli {

/// Writes all results of the answer, its rows as they come; a rendered result is drawn where the format draws its kind.
Status write_answer(session::Answer& answer, const AnswerOptions& options, OutputStream& out);

}  // namespace wardian::cli

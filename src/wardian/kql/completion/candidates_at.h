#pragma once

#include "wardian/kql/completion/row_candidates.h"
#include "wardian/kql/completion/tokens_before.h"

namespace wardian::kql {

/// All that may stand behind the tokens, whatever letters were typed of it.
Candidates candidates_at(TokensBefore tokens, const BindContext& context);

}  // namespace wardian::kql

#pragma once

#include <string_view>
#include <vector>

#include "wardian/kql/completion/complete.h"

namespace wardian::kql {

/// Leaves the candidates whose labels fit the letters, whatever their case: first those that begin with them, then those of which a part
/// does (behind _, -, a dot, at a capital), then those that hold them elsewhere. Among equals the order stays. Each label of a kind once.
void rank(std::vector<Candidate>& candidates, std::string_view letters);

}  // namespace wardian::kql

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/base/source_span.h"
#include "wardian/kql/bind.h"

namespace wardian::kql {

enum class CandidateKind : std::uint8_t {
  column,
  variable,  // of let, of a parameter
  table,
  function,
  aggregate,
  plugin,
  tabular_operator,
  scalar_operator,
  statement,
  keyword,    // a word of an operator: by, on, asc
  parameter,  // kind=, hint.strategy=, title=
  value,      // of a parameter: inner, shuffle; a kind of chart
  type,
};
/// "column", "tabular operator", …
std::string_view candidate_kind_name(CandidateKind kind);

struct Candidate {
  CandidateKind kind = CandidateKind::keyword;
  std::string label;   // what is shown
  std::string insert;  // what takes the place of `Completion::replaced`
  std::string detail;  // one line: a type, a signature, a sentence
};

struct Completion {
  SourceSpan replaced;  // the letters typed so far; ends at the cursor
  std::vector<Candidate> candidates;
};

/// What may stand at the cursor (a byte of the text), by what stands before it; best first. Never fails: where nothing can be said there
/// are no candidates, and where what stands before cannot be bound, the columns are those of the last place that can. Nothing runs but
/// what binding asks `context.runner` for. Time is linear in the text, but for the binding.
Completion complete(std::string_view text, std::size_t cursor, const BindContext& context);

}  // namespace wardian::kql

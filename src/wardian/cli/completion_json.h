#pragma once

#include <string>
#include <string_view>

#include "wardian/kql/completion/complete.h"

namespace wardian::cli {

/// The byte at which that character of the text begins; its size beyond the last.
std::size_t byte_of_character(std::string_view text, std::size_t character);
/// How many characters the text has.
std::size_t characters_of(std::string_view text);

/// "from":N,"to":N,"candidates":[{"label","insert","kind","detail"}], places in characters of the text. Appends.
void append_completion(std::string& out, const kql::Completion& completion, std::string_view text);
/// The candidates alone, as a JSON array; no more than `most`. Appends.
void append_candidates(std::string& out, const std::vector<kql::Candidate>& candidates, std::size_t most);

}  // namespace wardian::cli

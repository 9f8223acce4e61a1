#include "wardian/cli/completion_json.h"

#include <algorithm>

#include "wardian/kernels/json_text.h"

namespace wardian::cli {
namespace {

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

}  // namespace

std::size_t byte_of_character(std::string_view text, std::size_t character) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (!begins_character(text[at])) continue;
    if (character == 0) return at;
    --character;
  }
  return at;
}

std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, &begins_character));
}

void append_candidates(std::string& out, const std::vector<kql::Candidate>& candidates, std::size_t most) {
  kernels::JsonArrayWriter list(out);
  for (std::size_t at = 0; at < std::min(most, candidates.size()); ++at) {
    std::string one;
    kernels::JsonObjectWriter members(one);
    members.add_string("label", candidates[at].label);
    members.add_string("insert", candidates[at].insert);
    members.add_string("kind", kql::candidate_kind_name(candidates[at].kind));
    members.add_string("detail", candidates[at].detail);
    members.close();
    list.add(one);
  }
  list.close();
}

void append_completion(std::string& out, const kql::Completion& completion, std::string_view text) {
  out += "\"from\":" + std::to_string(characters_of(text.substr(0, completion.replaced.begin)));
  out += ",\"to\":" + std::to_string(characters_of(text.substr(0, completion.replaced.end))) + ",\"candidates\":";
  append_candidates(out, completion.candidates, SIZE_MAX);
}

}  // namespace wardian::cli

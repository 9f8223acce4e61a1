#include "wardian/kernels/json_path.h"

#include <charconv>

#include "wardian/base/overloaded.h"
#include "wardian/kernels/json_text.h"

namespace wardian::kernels {

std::optional<JsonPath> parse_json_path(std::string_view text) {
  if (text.empty() || text.front() != '$') return std::nullopt;
  JsonPath path;
  std::size_t at = 1;
  while (at < text.size()) {
    if (text[at] == '.') {
      const std::size_t end = std::min(text.find_first_of(".[", at + 1), text.size());
      if (end == at + 1) return std::nullopt;
      path.emplace_back(std::string(text.substr(at + 1, end - at - 1)));
      at = end;
    } else if (text[at] == '[') {
      const bool quoted = at + 1 < text.size() && (text[at + 1] == '\'' || text[at + 1] == '"');
      const std::size_t close = quoted ? text.find(std::string{text[at + 1], ']'}, at + 2) : text.find(']', at);
      if (close == std::string_view::npos) return std::nullopt;
      if (quoted) {
        path.emplace_back(std::string(text.substr(at + 2, close - at - 2)));
        at = close + 2;
        continue;
      }
      std::int64_t index = 0;
      const char* const end = text.data() + close;
      const auto [stop, error] = std::from_chars(text.data() + at + 1, end, index);
      if (error != std::errc() || stop != end) return std::nullopt;
      path.emplace_back(index);
      at = close + 1;
    } else {
      return std::nullopt;
    }
  }
  return path;
}

JsonPath json_path_or_key(std::string_view text) {
  if (auto path = parse_json_path(text); path && !path->empty()) return *std::move(path);
  return {std::string(text)};
}

std::optional<std::string_view> json_at(std::string_view json, const JsonPath& path) {
  std::optional<std::string_view> place = json;
  for (const JsonStep& step : path) {
    place = std::visit(overloaded{[&](const std::string& key) { return json_member(*place, key); },
                                  [&](std::int64_t index) { return json_element(*place, index); }},
                       step);
    if (!place) break;
  }
  return place;
}

}  // namespace wardian::kernels

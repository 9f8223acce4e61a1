#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace wardian::kernels {

/// A key or a position.
using JsonStep = std::variant<std::string, std::int64_t>;
using JsonPath = std::vector<JsonStep>;

/// "$.a.b[0]['c d']": nullopt when the text is no such path. Wildcards and filters are none.
std::optional<JsonPath> parse_json_path(std::string_view text);

/// A name of a key at the root, or a path when it begins with "$.", "$[" or is "$".
JsonPath json_path_or_key(std::string_view text);

std::optional<std::string_view> json_at(std::string_view json, const JsonPath& path);

}  // namespace wardian::kernels

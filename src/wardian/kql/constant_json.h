#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wardian/columnar/value.h"

namespace wardian::kql {

/// The elements of a JSON array as values: strings, longs, reals, bools; objects and arrays as dynamic; null as a null
/// dynamic. nullopt when the text is no array.
std::optional<std::vector<columnar::Value>> array_elements(std::string_view json);

/// The members of a JSON object in order; nullopt when the text is no object.
std::optional<std::vector<std::pair<std::string, columnar::Value>>> object_members(std::string_view json);

/// Text as a JSON string, quotes included.
std::string json_quoted(std::string_view text);

}  // namespace wardian::kql

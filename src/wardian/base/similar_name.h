#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wardian {

/// The candidate nearest to `name` by edit distance (case ignored), or empty when none is near enough to be
/// what the user meant: at most one edit for every three characters, at least one.
std::string_view similar_name(std::string_view name, std::span<const std::string_view> candidates);

/// "Did you mean strlen?", or empty.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace wardian

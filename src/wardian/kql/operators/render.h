#pragma once

#include <span>
#include <string_view>

namespace wardian::kql {

/// What `render` takes, in the order of names: kinds of charts, and their properties.
std::span<const std::string_view> chart_kinds();
std::span<const std::string_view> chart_properties();

}  // namespace wardian::kql

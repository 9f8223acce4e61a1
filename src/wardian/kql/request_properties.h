#pragma once

#include <string_view>
#include <vector>

namespace wardian::kql {

/// A property that `set` is heeded for: its name, and what values it takes.
struct RequestProperty {
  std::string_view name;
  std::string_view type;
};
std::vector<RequestProperty> request_properties();

}  // namespace wardian::kql

#pragma once

#include <array>
#include <span>
#include <string_view>

namespace wardian::kernels {

/// How a user agent is told by its text. `parts` are what the answer's fields are in turn, with $1 to $9 for groups of the
/// match; empty: what the part has by itself (see user_agent_kernels.cpp).
struct UserAgentRule {
  std::string_view regex;
  bool ignore_case = false;
  std::array<std::string_view, 5> parts = {};
};

/// The first rule that matches counts. Source: regexes.yaml of uap-core, which tools/user_agent_rules turns into these tables.
std::span<const UserAgentRule> browser_rules();           // family, major, minor, patch
std::span<const UserAgentRule> operating_system_rules();  // family, major, minor, patch, patch minor
std::span<const UserAgentRule> device_rules();            // family, brand, model

}  // namespace wardian::kernels

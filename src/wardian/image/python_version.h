#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "wardian/base/result.h"

namespace wardian::image {

/// A released CPython: 3.11.2.
struct PythonVersion {
  int major = 0, minor = 0, micro = 0;
  friend auto operator<=>(const PythonVersion&, const PythonVersion&) = default;
  std::string text() const;
};

/// The oldest that can be an image: what the sandbox's compiled part and its modules are made for.
inline constexpr PythonVersion kPythonMin{3, 10, 0};

/// "3.11.2", also with what follows a release number ("3.13.0rc1"). nullopt for anything else.
std::optional<PythonVersion> parse_version(std::string_view text);

/// Whether a version satisfies `requires-python`: clauses set apart by commas, of ==, !=, <=, >=, <, >, ~=, and `.*` after == and !=.
/// Source: the Python packaging specifications, "Version specifiers". Errors: bad_argument for what is none.
Result<bool> satisfies(const PythonVersion& version, std::string_view specifiers);

}  // namespace wardian::image

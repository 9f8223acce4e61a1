#pragma once

#include <string>
#include <string_view>

namespace wardian::kql::syntax {

struct StringText {
  std::string text;
  bool hidden = false;  // h"…"
};

/// What a string token says: prefix, quotes and escapes undone. The lexer has seen to its form.
StringText string_text(std::string_view token);

}  // namespace wardian::kql::syntax

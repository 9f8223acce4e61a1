#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "wardian/kernels/regex_dialect.h"

namespace wardian::kernels {

/// The last pattern of one use of a function, compiled. Patterns are nearly always constants, so one is enough.
class RegexCache {
 public:
  /// Throws what the engine reports as the query's error when the pattern is no regular expression.
  const re2::RE2& find(std::string_view pattern) {
    if (pattern_ != pattern) {
      auto made = compile_regex(pattern);
      if (!made.ok()) throw std::runtime_error(made.error().message);
      regex_ = std::move(*made);
      pattern_ = pattern;
    }
    return *regex_;
  }

 private:
  std::optional<std::string> pattern_;
  std::unique_ptr<const re2::RE2> regex_;
};

inline re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(const re2::StringPiece& text) { return {text.data(), text.size()}; }

}  // namespace wardian::kernels

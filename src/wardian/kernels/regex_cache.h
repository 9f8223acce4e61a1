#pragma once

#include <string>
#include <string_view>

#include <re2/re2.h>

namespace wardian::kernels {

/// The last pattern of one use of a function, compiled. Patterns are nearly always constants, so one is enough.
class RegexCache {
 public:
  /// Null when the pattern is no regular expression.
  const re2::RE2* find(std::string_view pattern) {
    if (regex_ == nullptr || regex_->pattern() != pattern) {
      re2::RE2::Options options;
      options.set_log_errors(false);
      options.set_max_mem(64 << 20);
      regex_ = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    }
    return regex_->ok() ? regex_.get() : nullptr;
  }

 private:
  std::unique_ptr<re2::RE2> regex_;
};

inline re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(const re2::StringPiece& text) { return {text.data(), text.size()}; }

}  // namespace wardian::kernels

#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <re2/re2.h>

#include "wardian/base/result.h"

/// The language's regular expressions over RE2. The syntax is that of Rust's regex crate with Unicode classes, where RE2's
/// own \d, \w and \s know ASCII only; \b keeps RE2's ASCII meaning, for which RE2 has no other word.
/// Source: KQL reference, "Regex syntax".
namespace wardian::kernels {

/// `pattern` in RE2's syntax. What RE2 cannot do (class set operators, look-around, \b{start}) is BAD_ARGUMENT, without a span.
Result<std::string> regex_to_re2(std::string_view pattern);

/// The pattern ready for use, or why it is none: BAD_ARGUMENT without a span.
Result<std::unique_ptr<const re2::RE2>> compile_regex(std::string_view pattern);

/// What the names of the groups begin with that `wardian_cut_by_regex` cuts out; all other groups are the pattern's own.
inline constexpr std::string_view kCutGroup = "wardian_column_";

/// `text` as a pattern that matches just it.
std::string regex_quoted(std::string_view text);

}  // namespace wardian::kernels

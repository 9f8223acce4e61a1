#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What a dynamic value or a text is as a value of another type; nullopt where it is none.
namespace wardian::kernels {

std::optional<std::int64_t> dynamic_to_long(std::string_view json);
std::optional<double> dynamic_to_real(std::string_view json);
std::optional<bool> dynamic_to_bool(std::string_view json);
std::optional<std::int64_t> dynamic_to_datetime(std::string_view json);
std::optional<std::int64_t> dynamic_to_timespan(std::string_view json);

/// "01234567-89ab-cdef-0123-456789abcdef" of a guid written with or without hyphens, braces or parentheses, in lower
/// case. Appends; false for anything else, and for more than that unless more may follow.
bool append_guid(std::string& out, std::string_view text, bool more_may_follow = false);

}  // namespace wardian::kernels

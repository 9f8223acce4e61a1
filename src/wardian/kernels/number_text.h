#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The text of numbers.
namespace wardian::kernels {

/// The shortest text that reads back as the same value; whole numbers without a point: "1", "0.1", "1E+20", "1E-05",
/// "NaN", "Infinity", "-Infinity". Appends. This is what tostring() and strcat() write.
void append_real(std::string& out, double value);

/// As inside dynamic values: "1.0", "0.1", "1E+20"; NaN and infinities as JSON strings. Appends.
void append_json_real(std::string& out, double value);

void append_long(std::string& out, std::int64_t value);

/// A decimal or 0x… integer with blanks around it; a real one ("1.7", "1e3") is cut towards zero. nullopt for anything
/// else and beyond the range.
std::optional<std::int64_t> parse_long(std::string_view text);

/// The same, but a real one must be whole ("7.0", "1e3").
std::optional<std::int64_t> parse_exact_long(std::string_view text);

/// Whether it is a decimal integer as programs write them: at most a sign before its digits, and no zero before others.
bool is_plain_long(std::string_view text);

/// Also "NaN", "inf", "-Infinity" in any case.
std::optional<double> parse_real(std::string_view text);

/// "true", "false" in any case and numbers (0 is false).
std::optional<bool> parse_bool(std::string_view text);

std::string_view trimmed(std::string_view text);

}  // namespace wardian::kernels

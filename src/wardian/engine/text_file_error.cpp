#include "wardian/engine/text_file_error.h"

#include <array>
#include <charconv>
#include <string>

#include "wardian/engine/unreadable_file.h"

namespace wardian::engine {
namespace {

constexpr std::size_t kShownBytesMax = 80;

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// What stands between the two, or nothing.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + before.size());
  return text.substr(0, text.find(after));
}

/// The line's beginning, to be found by.
std::string shown(std::string_view line) {
  if (line.size() <= kShownBytesMax) return std::string(line);
  std::size_t end = kShownBytesMax;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;  // not within a character
  return std::string(line.substr(0, end)) + "…";
}

std::string fields(std::string_view count) { return std::string(count) + (count == "1" ? " field" : " fields"); }

Error unreadable(std::string_view file, std::string what, std::string hint) {
  return {ErrorCode::bad_file, std::string(kUnreadableFile) + std::string(file) + ": " + std::move(what), {}, std::move(hint)};
}

/// "CSV Error on Line: 3\nOriginal Line: 4,5\nExpected Number of Columns: 3 Found: 2\n…  file = F\n"
Error bad_line(std::string_view message) {
  const std::string_view file = between(message, "\n  file = ", "\n");
  const std::string at = "line " + std::string(between(message, "on Line: ", "\n")) + " ";
  const std::string line = ": " + shown(between(message, "\nOriginal Line: ", "\n"));
  const std::string_view expected = between(message, "\nExpected Number of Columns: ", " Found: ");
  if (!expected.empty()) {
    // The engine stops counting with the first field too many.
    const std::string_view found = between(message, " Found: ", "\n");
    const bool fewer = std::pair(found.size(), found) < std::pair(expected.size(), expected);
    const std::string what =
        fewer ? fields(found) + " where " + std::string(expected) + " are expected" : "more than " + fields(expected);
    return unreadable(file, at + "has " + what + line,
                      "Every line needs as many fields as the first; a field that holds the separator stands in quotes.");
  }
  if (has(message, "not utf-8 encoded")) return unreadable(file, at + "is no UTF-8", "Save it as UTF-8.");
  if (has(message, "Maximum line size")) {
    return unreadable(file,
                      at + "is longer than " + std::string(between(message, "Maximum line size of ", " ")) + " bytes" + line,
                      "Longer values may come in JSON lines, Parquet or Arrow.");
  }
  if (has(message, "unterminated quote")) {
    return unreadable(file, at + "opens a quote that is never closed" + line, "A quote within a field is written twice: \"\".");
  }
  return unreadable(file, at + "is no line of separated values" + line, "");
}

constexpr std::string_view kLineEndsHint = "End all lines in one way, and put fields that hold quotes or line ends in quotes.";

/// "Malformed JSON in file "F", at byte 6 in line 3: unexpected character." The engine has counted the line that it was to read next
/// (measured for lines 1 to 3000, with 1.5.6).
Error malformed_json(std::string_view message) {
  const std::string_view place = message.substr(std::min(message.size(), message.find("\", at byte ")));
  std::string_view counted = between(place, "line ", ":");
  if (counted.empty()) counted = between(place, "record/value ", ":");
  std::uint64_t number = 0;
  std::from_chars(counted.data(), counted.data() + counted.size(), number);
  std::string_view why = between(message, "): ", "\n");
  if (why.empty()) why = place.substr(std::min(place.size(), place.find(": ") + 2));
  why = why.substr(0, why.find('\n'));
  while (!why.empty() && (why.back() == ' ' || why.back() == '.')) why.remove_suffix(1);
  return unreadable(between(message, "in file \"", "\""),
                    "line " + std::to_string(number > 1 ? number - 1 : 1) + ": malformed JSON at byte " +
                        std::string(between(place, "at byte ", " ")) + ": " + std::string(why),
                    "");
}

}  // namespace

std::optional<Error> text_file_error(std::string_view message) {
  if (has(message, "CSV Error on Line: ")) return bad_line(message);
  if (has(message, "CSV Parser state machine reached an invalid state")) {
    return unreadable(between(message, "\n  file = ", "\n"), "its lines end in different ways, or a quote stands within a field",
                      std::string(kLineEndsHint));
  }
  if (has(message, "Error when sniffing file \"")) {
    return unreadable(between(message, "Error when sniffing file \"", "\""),
                      has(message, "not utf-8 encoded") ? "its text is no UTF-8" : "its lines fit no layout of separated values",
                      has(message, "not utf-8 encoded") ? "Save it as UTF-8." : std::string(kLineEndsHint));
  }
  if (has(message, "Malformed JSON in file \"")) return malformed_json(message);
  if (has(message, "JSON transform error in file \"") && has(message, "has duplicate key \"")) {
    return unreadable(between(message, "in file \"", "\""),
                      "line " + std::string(between(message, "\", in line ", ":")) + ": an object has the key \"" +
                          std::string(between(message, "has duplicate key \"", "\"")) + "\" twice",
                      "");
  }
  return {};
}

}  // namespace wardian::engine

#include "wardian/image/image_name.h"

#include <algorithm>

namespace wardian::image {
namespace {

constexpr std::size_t kNameBytesMax = 64;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// The name as an error may show it: bytes that no name has could drive a terminal.
std::string shown(std::string_view name) {
  std::string text(name.substr(0, kNameBytesMax));
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

}  // namespace

Status check_name(std::string_view name) {
  const auto allowed = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; };
  const bool sound =
      !name.empty() && name.size() <= kNameBytesMax && is_letter_or_digit(name.front()) && std::ranges::all_of(name, allowed);
  if (!sound)
    return Error{ErrorCode::bad_argument,
                 "Not the name of an image: " + shown(name),
                 {},
                 "Letters, digits, . _ and -, beginning with a letter or digit, 64 at most"};
  if (name == kDefaultName)
    return Error{ErrorCode::bad_argument,
                 "No image has the name default: it means the environment that holds Wardian",
                 {},
                 "Name another one"};
  return {};
}

}  // namespace wardian::image

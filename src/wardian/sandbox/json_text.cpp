#include "wardian/sandbox/json_text.h"

#include <cstdio>

namespace wardian::sandbox {

std::string json_string(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      result += '\\';
      result += character;
    } else if (byte < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      result += escape;
    } else {
      result += character;
    }
  }
  return result + "\"";
}

}  // namespace wardian::sandbox

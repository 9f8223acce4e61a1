#include "wardian/cli/debug/dap_message.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

namespace wardian::cli {
namespace {

constexpr std::size_t kHeaderBytesMax = 4096;

Error nonsense(std::string_view what) {
  return {.code = ErrorCode::io, .message = "The debugger's connection speaks nonsense: " + std::string(what)};
}

// Not the end of a session: the program itself tells it, once the script's process has ended.
constexpr std::string_view kEvents[] = {"initialized",   "stopped",        "continued",   "thread",      "output",
                                        "module",        "loadedSource",   "process",     "breakpoint",  "capabilities",
                                        "progressStart", "progressUpdate", "progressEnd", "invalidated", "memory"};

int hexadecimal(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return error == std::errc() && end == digits.data() + digits.size() ? value : -1;
}

/// The JSON with U+FFFD for each escaped half of a character that stands alone: Python writes them, and no other reader takes them.
std::string without_half_characters(const std::string& json) {
  std::string made;
  made.reserve(json.size());
  for (std::size_t at = 0; at < json.size(); ++at) {
    if (json[at] != '\\' || at + 1 == json.size()) {
      made += json[at];
      continue;
    }
    const auto unit = [&](std::size_t place) {
      return place + 6 <= json.size() && json[place] == '\\' && json[place + 1] == 'u'
                 ? hexadecimal(std::string_view(json).substr(place + 2, 4))
                 : -1;
    };
    const int first = unit(at);
    if (first < 0xd800 || first > 0xdfff) {
      made.append(json, at, 2);
      at += 1;
      continue;
    }
    const int second = unit(at + 6);
    const bool pair = first < 0xdc00 && second >= 0xdc00 && second <= 0xdfff;
    if (pair) {
      made.append(json, at, 12);
    } else {
      made += "\\ufffd";
    }
    at += pair ? 11 : 5;
  }
  return made;
}

}  // namespace

Result<std::optional<std::string>> DapReader::next() {
  const std::size_t end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (buffer_.size() > kHeaderBytesMax) return nonsense("a header without an end");
    return std::optional<std::string>();
  }
  if (end > kHeaderBytesMax) return nonsense("a header that is too long");
  std::optional<std::size_t> length;
  std::string_view header = std::string_view(buffer_).substr(0, end);
  while (!header.empty()) {
    const std::string_view line = header.substr(0, header.find("\r\n"));
    constexpr std::string_view kLength = "Content-Length:";
    if (line.starts_with(kLength)) {
      std::string_view digits = line.substr(kLength.size());
      digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
      std::size_t value = 0;
      const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (error != std::errc() || stop != digits.data() + digits.size()) return nonsense("a length that is none");
      length = value;
    }
    header.remove_prefix(std::min(line.size() + 2, header.size()));
  }
  if (!length) return nonsense("a header without a length");
  if (*length > kDapMessageBytesMax) return nonsense("a message that is too long");
  if (buffer_.size() - end - 4 < *length) return std::optional<std::string>();
  std::string json = buffer_.substr(end + 4, *length);
  buffer_.erase(0, end + 4 + *length);
  return std::optional<std::string>(std::move(json));
}

std::string dap_framed(std::string_view json) {
  return "Content-Length: " + std::to_string(json.size()) + "\r\n\r\n" + std::string(json);
}

std::string dap_command(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view type, command;
  if (parser.parse(json).get(root) != simdjson::SUCCESS || root["type"].get(type) != simdjson::SUCCESS || type != "request" ||
      root["command"].get(command) != simdjson::SUCCESS)
    return {};
  return std::string(command);
}

std::optional<std::string> dap_from_script(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string text = json;
  auto parsed = parser.parse(text).get(root);
  if (parsed == simdjson::STRING_ERROR) {
    text = without_half_characters(json);
    parsed = parser.parse(text).get(root);
  }
  simdjson::dom::object object;
  if (parsed != simdjson::SUCCESS || root.get(object) != simdjson::SUCCESS) return std::nullopt;
  std::string_view type, event;
  int types = 0, events = 0, commands = 0;
  for (const auto field : object) {
    if (field.key == "type") {
      ++types;
      if (field.value.get(type) != simdjson::SUCCESS) return std::nullopt;
    } else if (field.key == "event") {
      ++events;
      if (field.value.get(event) != simdjson::SUCCESS) return std::nullopt;
    } else if (field.key == "command") {
      ++commands;
    }
  }
  if (types != 1 || events > 1 || commands > 1) return std::nullopt;
  if (type == "response") return text;
  const bool known = type == "event" && std::ranges::find(kEvents, event) != std::end(kEvents);
  return known ? std::optional<std::string>(std::move(text)) : std::nullopt;
}

}  // namespace wardian::cli

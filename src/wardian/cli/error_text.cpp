#include "wardian/cli/error_text.h"

#include <algorithm>

#include "wardian/cli/answer/display_width.h"
#include "wardian/kernels/json_text.h"

namespace wardian::cli {
namespace {

constexpr int kShownWidthMax = 110;
constexpr char kRed[] = "\x1b[1;31m", kCyan[] = "\x1b[36m", kPlain[] = "\x1b[0m";

std::size_t characters(std::string_view text, SourceSpan span) {
  const std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  const std::string_view marked = text.substr(begin, std::max(span.begin, span.end) - span.begin);
  return static_cast<std::size_t>(
      std::ranges::count_if(marked, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

/// The line of the query and carets under the span, cut to what a terminal shows.
std::string excerpt(std::string_view text, SourceSpan span, std::uint32_t line) {
  const std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  std::size_t first = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
  first = first == std::string_view::npos ? 0 : first + 1;
  std::size_t last = text.find('\n', begin);
  if (last == std::string_view::npos) last = text.size();
  if (last > first && text[last - 1] == '\r') --last;
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, last);

  std::string before = on_one_line(text.substr(first, begin - first));
  const std::string marked = on_one_line(text.substr(begin, end - begin));
  const std::string after = on_one_line(text.substr(end, last - end));
  if (display_width(before) > kShownWidthMax / 2) {  // keep what stands right before the place
    std::string tail = before;
    while (display_width(tail) > kShownWidthMax / 2) {
      tail.erase(0, 1);
      while (!tail.empty() && (static_cast<unsigned char>(tail[0]) & 0xC0U) == 0x80U) tail.erase(0, 1);
    }
    before = "…" + tail;
  }
  const std::string number = std::to_string(line);
  const std::string margin(number.size(), ' ');
  const int width = std::clamp(display_width(marked), 1, std::max(1, kShownWidthMax - display_width(before)));
  return " " + margin + " |\n " + number + " | " + clipped(before + marked + after, kShownWidthMax) + "\n " + margin + " | " +
         std::string(static_cast<std::size_t>(display_width(before)), ' ') + std::string(static_cast<std::size_t>(width), '^') +
         "\n";
}

}  // namespace

std::string error_text(const Error& error, std::string_view text, std::string_view name, bool coloured) {
  const auto in = [&](const char* colour, const std::string& words) { return coloured ? colour + words + kPlain : words; };
  std::string out = in(kRed, "error " + std::string(error_code_name(error.code)));
  if (error.span) {
    const LineColumn place = line_column(text, error.span->begin);
    out += " at " + std::string(name) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  }
  out += ": " + printable_lines(error.message);
  if (out.back() != '\n') out += '\n';
  if (error.span) {
    std::string shown = excerpt(text, *error.span, line_column(text, error.span->begin).line);
    // The carets are the last thing of it.
    if (const std::size_t carets = shown.find_last_not_of("^\n") + 1; coloured) {
      shown = shown.substr(0, carets) + kRed + shown.substr(carets, shown.size() - carets - 1) + kPlain + "\n";
    }
    out += shown;
  }
  if (!error.hint.empty()) out += in(kCyan, "hint: ") + printable_lines(error.hint) + "\n";
  for (const Error& each : error.further) out += error_text(each, text, name, coloured);
  return out;
}

std::string error_json(const Error& error, std::string_view text) {
  std::string out = "{\"code\":\"" + std::string(error_code_name(error.code)) + "\",\"message\":";
  kernels::append_json_string(out, error.message);
  if (error.span) {
    const LineColumn place = line_column(text, error.span->begin);
    out += ",\"line\":" + std::to_string(place.line) + ",\"column\":" + std::to_string(place.column);
    out += ",\"length\":" + std::to_string(characters(text, *error.span));
  }
  if (!error.hint.empty()) {
    out += ",\"hint\":";
    kernels::append_json_string(out, error.hint);
  }
  return out + "}";
}

std::string error_members(const Error& error, std::string_view text) {
  const std::string first = error_json(error, text);
  std::string out = "\"error\":" + first + ",\"errors\":[" + first;
  for (const Error& each : error.further) out += "," + error_json(each, text);
  return out + "]";
}

}  // namespace wardian::cli

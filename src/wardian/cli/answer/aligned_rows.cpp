#include "wardian/cli/answer/aligned_rows.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "wardian/cli/answer/display_width.h"

namespace wardian::cli {

std::string aligned_rows(const std::vector<std::vector<std::string>>& rows,
                         bool (*to_the_right)(std::size_t column, std::size_t columns), std::size_t indent) {
  std::vector<int> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t at = 0; at < row.size(); ++at) widths[at] = std::max(widths[at], display_width(row[at]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line(indent, ' ');
    for (std::size_t at = 0; at < row.size(); ++at) {
      const std::string blanks(static_cast<std::size_t>(widths[at] - display_width(row[at])), ' ');
      line += at == 0 ? "" : "  ";
      line += to_the_right(at, row.size()) ? blanks + row[at] : row[at] + blanks;
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string size_text(std::uint64_t bytes) {
  static constexpr std::array<const char*, 4> kUnits = {"KB", "MB", "GB", "TB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; size >= 1000 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), size < 10 ? "%.1f %s" : "%.0f %s", size, kUnits[unit]);
  return text.data();
}

}  // namespace wardian::cli

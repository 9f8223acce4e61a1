#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "wardian/kql/function_table.h"

namespace {

struct Entry {
  std::vector<std::string_view> signatures;
  std::string_view summary;
};
/// By name, so that a page is in the order in which a reader looks.
using Page = std::map<std::string_view, Entry>;

template <class Row>
void add(Page& page, const Row& row) {
  Entry& entry = page[row.name];
  entry.signatures.push_back(row.signature);
  if (entry.summary.empty()) entry.summary = row.summary;
}

bool write(const std::filesystem::path& file, std::string_view title, const Page& page) {
  std::ofstream out(file);
  out << "# " << title << "\nWritten by `make docs` from the tables of `src/wardian/kql/functions`; do not edit.\n\n";
  for (const auto& [name, entry] : page) {
    out << "## " << name << "\n";
    for (const std::string_view signature : entry.signatures) out << "    " << name << signature << "\n";
    out << "\n" << entry.summary << "\n\n";
  }
  out.flush();
  if (!out) std::cerr << "Cannot write: " << file.string() << "\n";
  return static_cast<bool>(out);
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 2) {
    std::cerr << "usage: reference_pages FOLDER\n";
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  std::filesystem::create_directories(folder);
  Page scalar, aggregate, window;
  for (const auto family : wardian::kql::function_families())
    for (const auto& row : family) add(scalar, row);
  for (const auto family : wardian::kql::aggregate_families())
    for (const auto& row : family) add(aggregate, row);
  for (const auto& row : wardian::kql::window_functions()) add(window, row);
  const bool written = write(folder / "scalar.md", "Scalar functions", scalar) &&
                       write(folder / "aggregate.md", "Aggregates of summarize", aggregate) &&
                       write(folder / "window.md", "Functions of the row order", window);
  return written ? 0 : 1;
}

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "wardian/kql/bind_functions.h"
#include "wardian/kql/function_table.h"
#include "wardian/kql/plugins/plugin.h"

namespace {

/// The overloads that share one sentence.
struct Form {
  std::string_view summary;
  std::vector<std::string_view> signatures;
};
/// By name, so that a page is in the order in which a reader looks.
using Page = std::map<std::string_view, std::vector<Form>>;

void add(Page& page, std::string_view name, std::string_view signature, std::string_view summary) {
  std::vector<Form>& forms = page[name];
  auto form = std::ranges::find(forms, summary, &Form::summary);
  if (form == forms.end()) form = forms.insert(form, Form{summary, {}});
  form->signatures.push_back(signature);
}

template <class Row>
void add(Page& page, const Row& row) {
  add(page, row.name, row.signature, row.summary);
}

bool write(const std::filesystem::path& file, std::string_view title, const Page& page) {
  std::ofstream out(file);
  out << "# " << title << "\n\nWritten by `make docs` from the tables that the binder reads; do not edit. "
      << "[How a signature is read](../kql.md#how-a-signature-is-read).\n\n";
  for (const auto& [name, forms] : page) out << (name == page.begin()->first ? "" : " · ") << "[" << name << "](#" << name << ")";
  out << "\n\n";
  for (const auto& [name, forms] : page) {
    out << "## " << name << "\n\n";
    for (const Form& form : forms) {
      out << "```text\n";
      for (const std::string_view signature : form.signatures) out << name << signature << "\n";
      out << "```\n\n" << form.summary << "\n\n";
    }
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
  Page scalar, aggregate, window, binder, plugin;
  for (const auto family : wardian::kql::function_families())
    for (const auto& row : family) add(scalar, row);
  for (const auto family : wardian::kql::aggregate_families())
    for (const auto& row : family) add(aggregate, row);
  for (const auto& row : wardian::kql::window_functions()) add(window, row);
  for (const auto family : wardian::kql::binder_function_families()) {
    for (const auto& row : family) add(binder, row.name, row.usage, row.summary);
  }
  for (const auto& row : wardian::kql::plugins()) {
    if (row.bind != nullptr) add(plugin, row.name, row.signature.empty() ? "(…)" : row.signature, row.summary);
  }
  const bool written = write(folder / "scalar.md", "Scalar functions", scalar) &&
                       write(folder / "aggregate.md", "Aggregates of summarize", aggregate) &&
                       write(folder / "window.md", "Functions of the row order", window) &&
                       write(folder / "context.md", "Functions of tables, columns and the request", binder) &&
                       write(folder / "plugin.md", "Plugins of evaluate", plugin);
  return written ? 0 : 1;
}

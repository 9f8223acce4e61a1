#include "wardian/columnar/unique_names.h"

#include <algorithm>
#include <cctype>
#include <unordered_set>

namespace wardian::columnar {

std::vector<std::string> unique_names(const Schema& schema) {
  std::unordered_set<std::string> taken;
  const auto claim = [&](const std::string& name) {
    std::string folded = name;
    for (char& c : folded) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return taken.insert(std::move(folded)).second;
  };
  std::vector<std::string> names;
  for (const Column& column : schema) {
    std::string wanted = column.name.empty() ? "column" : column.name;
    std::ranges::replace(wanted, '\0', '_');  // ends a text for the engine
    std::string name = wanted;
    for (int number = 2; !claim(name); ++number) name = wanted + "_" + std::to_string(number);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace wardian::columnar

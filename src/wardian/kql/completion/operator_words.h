#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wardian::kql {

/// What may stand in an operator, read from the syntax of its row (operators/operator_rows.h): words in small letters are written so,
/// NAME=A|B is a parameter, words in capitals are operands, [ ] may be left out.
struct OperatorItem {
  enum class Kind { word, operand, parameter };
  Kind kind = Kind::word;
  std::string text;                 // "by"; "COLUMN"; "kind"
  std::vector<std::string> values;  // of a parameter; small letters only
  bool optional = false;
};

/// The items of the operator of that name, in order; empty for none.
const std::vector<OperatorItem>& operator_items(std::string_view name);

/// What may follow the item at `behind` (items.size() for the operator's name).
struct Following {
  std::vector<const OperatorItem*> words;       // that may stand there at once
  std::vector<const OperatorItem*> parameters;  // likewise
  std::vector<std::string_view> operands;       // kinds of what may stand there
  std::vector<const OperatorItem*> later;       // words that may stand behind such an operand
};
Following following(const std::vector<OperatorItem>& items, std::size_t behind);

}  // namespace wardian::kql

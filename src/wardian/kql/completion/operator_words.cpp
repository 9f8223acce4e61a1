#include "wardian/kql/completion/operator_words.h"

#include <algorithm>
#include <map>

#include "wardian/kql/operators/operator_rows.h"

namespace wardian::kql {
namespace {

bool is_small(char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '-' || c == '.'; }
bool is_capital(char c) { return (c >= 'A' && c <= 'Z') || c == '_'; }

std::vector<std::string> alternatives(std::string_view text) {
  std::vector<std::string> made;
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find('|'));
    if (!one.empty() && std::ranges::all_of(one, is_small)) made.emplace_back(one);
    text.remove_prefix(std::min(one.size() + 1, text.size()));
  }
  return made;
}

/// One piece between blanks, brackets and commas.
void add_piece(std::vector<OperatorItem>& items, std::string_view piece, bool optional) {
  if (piece.empty()) return;
  if (const std::size_t sign = piece.find('='); sign != std::string_view::npos && sign > 0) {
    const std::string_view name = piece.substr(0, sign);
    if (!std::ranges::all_of(name, is_small)) return;  // NAME=VALUE
    items.push_back({OperatorItem::Kind::parameter, std::string(name), alternatives(piece.substr(sign + 1)), optional});
    return;
  }
  if (std::ranges::all_of(piece, is_capital)) {
    items.push_back({OperatorItem::Kind::operand, std::string(piece), {}, optional});
    return;
  }
  for (std::string& word : alternatives(piece)) items.push_back({OperatorItem::Kind::word, std::move(word), {}, optional});
}

std::vector<OperatorItem> read(std::string_view name, std::string_view syntax) {
  std::vector<OperatorItem> items;
  const std::size_t begin = syntax.find(name);
  if (begin == std::string_view::npos) return items;
  syntax.remove_prefix(begin + name.size());
  int depth = 0;
  std::string piece;
  const auto flush = [&] {
    if (piece != "or" && piece != name) add_piece(items, piece, depth > 0);
    piece.clear();
  };
  for (const char c : syntax) {
    switch (c) {
      case '[':
        flush();
        ++depth;
        break;
      case ']':
        flush();
        --depth;
        break;
      case ' ':
      case ',':
      case '(':
      case ')':
      case ':':
      case ';': flush(); break;
      default: piece += c;
    }
  }
  flush();
  return items;
}

}  // namespace

const std::vector<OperatorItem>& operator_items(std::string_view name) {
  static const std::map<std::string_view, std::vector<OperatorItem>> kItems = [] {
    std::map<std::string_view, std::vector<OperatorItem>> made;
    for (const OperatorRow& row : tabular_operators()) made.emplace(row.name, read(row.name, row.syntax));
    // Other spellings of the same operators.
    made.emplace("order", made["sort"]);
    made.emplace("limit", made["take"]);
    made.emplace("filter", made["where"]);
    made.emplace("mvexpand", made["mv-expand"]);
    made.emplace("mvapply", made["mv-apply"]);
    return made;
  }();
  static const std::vector<OperatorItem> kNone;
  const auto found = kItems.find(name);
  return found == kItems.end() ? kNone : found->second;
}

Following following(const std::vector<OperatorItem>& items, std::size_t behind) {
  Following made;
  bool operand = false;
  for (std::size_t at = behind >= items.size() ? 0 : behind + 1; at < items.size(); ++at) {
    const OperatorItem& item = items[at];
    switch (item.kind) {
      case OperatorItem::Kind::parameter:
        if (!operand) made.parameters.push_back(&item);
        break;
      case OperatorItem::Kind::operand:
        if (item.text == "NAME" && item.optional) break;  // [NAME =]
        made.operands.push_back(item.text);
        operand = true;
        break;
      case OperatorItem::Kind::word:
        (operand ? made.later : made.words).push_back(&item);
        if (!item.optional) return made;
        break;
    }
  }
  return made;
}

}  // namespace wardian::kql

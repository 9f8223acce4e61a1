#pragma once

#include <cassert>
#include <deque>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "wardian/kql/binder.h"
#include "wardian/kql/overload.h"

namespace wardian::kql {

/// The rows of one name, with their signatures parsed.
template <class Row>
struct Overloads {
  std::vector<const Row*> rows;
  std::vector<const Signature*> signatures;
};

/// Rows by name. Built once, from tables that live as long as the program.
template <class Row>
class OverloadIndex {
 public:
  void add(std::string_view name, const Row& row) {
    Result<Signature> parsed = parse_signature(row.signature);
    assert(parsed.ok() && "a signature in a function table cannot be read");
    if (!parsed.ok()) return;
    signatures_.push_back(std::move(*parsed));
    Overloads<Row>& overloads = by_name_[name];
    overloads.rows.push_back(&row);
    overloads.signatures.push_back(&signatures_.back());
  }

  const Overloads<Row>* find(std::string_view name) const {
    const auto at = by_name_.find(name);
    return at == by_name_.end() ? nullptr : &at->second;
  }

  void names(std::vector<std::string_view>& into) const {
    for (const auto& [name, overloads] : by_name_) into.push_back(name);
  }

 private:
  std::map<std::string_view, Overloads<Row>> by_name_;
  std::deque<Signature> signatures_;
};

/// The row that a call takes, with its arguments converted, constants evaluated and defaults added.
struct ChosenRow {
  std::size_t row = 0;
  Type result = Type::dynamic;
  std::vector<ExprPtr> arguments;
};

/// A constant that an argument's rule refuses: BAD_ARGUMENT at the argument.
Status check_rules(const Signature& signature, std::span<const ExprPtr> arguments);

/// Errors: a wrong number of arguments at `name_span`, a wrong type at the argument.
Result<ChosenRow> choose_row(Binder& binder, std::string_view name, SourceSpan name_span,
                             std::span<const Signature* const> signatures, std::vector<ExprPtr> arguments,
                             DynamicAs dynamic = DynamicAs::text);

}  // namespace wardian::kql

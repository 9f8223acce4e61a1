#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "wardian/base/result.h"
#include "wardian/columnar/value.h"
#include "wardian/kql/syntax/tree.h"

namespace wardian::kql {

/// The name that the language gives a column whose expression has none: the column itself, d_x for d.x, the first
/// argument's for functions that keep it (tolong(a) is a), strlen_a for strlen(a), max_a for the aggregate max(a). nullopt:
/// Column1, Column2, ….
std::optional<std::string> derived_name(const syntax::Expr& expr);

/// The same where the expression is an argument: array_sort_asc(a) lends no name to what is made of it.
std::optional<std::string> name_within(const syntax::Expr& expr);

/// 50, 99.9 as part of a name: 50, 99_9; nothing for what is no number.
std::string percent_name(const columnar::Value& percent);

Error duplicate_column(const syntax::Identifier& name);

/// The names of one list of columns, each different.
class ColumnNames {
 public:
  /// A name that the query wrote, made free where a derived one is the same. Written twice it is an error.
  Result<std::string> claim(const syntax::Identifier& name);
  /// A name that is free: as it is, or followed by 1, 2, ….
  std::string free_name(std::string name);
  /// ColumnN are counted from the first that is no column of the rows.
  void count_from(const columnar::Schema& rows);
  /// For an expression without a name: the derived one or ColumnN, made free.
  std::string generated(const syntax::Expr& expr);
  void reserve(std::string name) { taken_.insert(std::move(name)); }
  bool taken(const std::string& name) const { return taken_.contains(name); }

 private:
  std::set<std::string, std::less<>> taken_;
  std::set<std::string, std::less<>> claimed_;
  int unnamed_ = 0;
};

}  // namespace wardian::kql

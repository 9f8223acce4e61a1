#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wardian/cli/shell/commands.h"

namespace wardian::cli {

/// A text as a literal of KQL.
std::string string_literal(std::string_view text);

/// The small table that a `.show` command answers with. It is shown by way of a query over a datatable, so that operators may follow
/// and every format is that of queries.
class ShowTable {
 public:
  explicit ShowTable(columnar::Schema schema) : schema_(std::move(schema)) {}

  /// One text a column: of a timespan its ticks; empty is null where it is no string.
  void row(const std::vector<std::string>& cells);
  Status show(Shell& shell, const CommandCall& call) const;

 private:
  columnar::Schema schema_;
  std::string values_;
};

}  // namespace wardian::cli

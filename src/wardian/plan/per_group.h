#pragma once

#include <functional>

#include "wardian/base/result.h"
#include "wardian/plan/node.h"

namespace wardian::plan {

/// A table cut into groups of rows, for a plan that is to be done for each of them apart: partition, mv-apply.
struct Groups {
  /// Of the Shared node that stands for the table in the plan.
  std::uint64_t table = 0;
  /// The table again, with further columns at its end: first those whose values tell the groups apart (null is a value
  /// like others), then those that are the same for all rows of a group and are wanted in the result.
  NodePtr rows;
  std::size_t ids = 0;
  std::size_t carried = 0;
  /// Of the Shared node in the plan whose rows say which groups there are; that of `table`, or one above it.
  std::uint64_t domain = 0;
  std::function<std::uint64_t()> next_shared_id;
};

/// The rows that `plan` gives for each group, one group after the other in effect, as one plan without a loop: keys of
/// groupings, joins and windows are widened by the group. Its columns are those of `plan`, then the further ones of
/// `groups.rows`. `refused` words the error at a part that can only be done for a table as a whole.
Result<NodePtr> per_group(const NodePtr& plan, const Groups& groups, const std::function<Error(std::string_view what)>& refused);

/// The first rows of each partition of a table, in its order.
NodePtr limit_per_partition(NodePtr table, std::vector<std::uint32_t> partition, const ExprPtr& rows);

}  // namespace wardian::plan

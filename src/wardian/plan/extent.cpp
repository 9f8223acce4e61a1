#include "wardian/plan/node.h"

namespace wardian::plan {
namespace {

Extent above(const std::vector<ExprPtr>& parts) {
  Extent extent;
  for (const ExprPtr& part : parts) extent.add(part->extent);
  return extent;
}

void add(Extent& extent, const std::vector<NamedExpr>& parts) {
  for (const NamedExpr& part : parts) extent.add(part.expr->extent);
}

}  // namespace

Extent extent_of(const Constant&) { return {}; }
Extent extent_of(const ColumnRef&) { return {}; }
Extent extent_of(const LambdaParameter&) { return {}; }
Extent extent_of(const Call& call) { return above(call.arguments); }
Extent extent_of(const WindowCall& call) { return above(call.arguments); }
Extent extent_of(const ScalarSubquery& subquery) {
  Extent extent;
  extent.add(subquery.table->extent);
  return extent;
}
Extent extent_of(const InSubquery& in) {
  Extent extent;
  extent.add(in.value->extent);
  extent.add(in.table->extent);
  return extent;
}

Extent extent_of(const Scan&) { return {}; }
Extent extent_of(const Rows& rows) {
  Extent extent;
  for (const auto& row : rows.rows) {
    for (const ExprPtr& cell : row) extent.add(cell->extent);
  }
  return extent;
}
Extent extent_of(const Range& range) {
  Extent extent = above({range.start, range.stop, range.step});
  if (range.input) extent.add(range.input->extent);
  return extent;
}
Extent extent_of(const Filter& filter) {
  Extent extent = above({filter.condition});
  extent.add(filter.input->extent);
  return extent;
}
Extent extent_of(const Project& project) {
  Extent extent;
  extent.add(project.input->extent);
  add(extent, project.columns);
  return extent;
}
Extent extent_of(const Aggregate& aggregate) {
  Extent extent;
  extent.add(aggregate.input->extent);
  add(extent, aggregate.keys);
  add(extent, aggregate.aggregates);
  return extent;
}
Extent extent_of(const Sort& sort) {
  Extent extent;
  extent.add(sort.input->extent);
  for (const SortKey& key : sort.keys) extent.add(key.expr->extent);
  return extent;
}
Extent extent_of(const Limit& limit) {
  Extent extent = above({limit.rows});
  extent.add(limit.input->extent);
  return extent;
}
Extent extent_of(const Distinct& distinct) {
  Extent extent;
  extent.add(distinct.input->extent);
  return extent;
}
Extent extent_of(const Join& join) {
  Extent extent;
  extent.add(join.left->extent);
  extent.add(join.right->extent);
  if (join.condition) extent.add(join.condition->extent);
  for (const auto* keys : {&join.keys, &join.null_safe}) {
    for (const auto& [left, right] : *keys) {
      extent.add(left->extent);
      extent.add(right->extent);
    }
  }
  return extent;
}
Extent extent_of(const Union& all) {
  Extent extent;
  for (const NodePtr& input : all.inputs) extent.add(input->extent);
  return extent;
}
Extent extent_of(const Expand& expand) {
  Extent extent;
  extent.add(expand.input->extent);
  for (const Expand::Item& item : expand.items) extent.add(item.value->extent);
  if (expand.row_limit) extent.add(expand.row_limit->extent);
  return extent;
}
Extent extent_of(const Shared& shared) {
  Extent extent;
  extent.add(shared.input->extent);
  extent.size = 1;  // computed once, however often it is used
  return extent;
}
Extent extent_of(const AlgorithmCall& call) {
  Extent extent;
  for (const NodePtr& input : call.inputs) extent.add(input->extent);
  return extent;
}
Extent extent_of(const PythonCall& call) {
  Extent extent;
  extent.add(call.input->extent);
  return extent;
}

}  // namespace wardian::plan

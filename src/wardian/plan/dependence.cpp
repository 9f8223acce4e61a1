#include "wardian/plan/dependence.h"

#include <algorithm>

#include "wardian/base/overloaded.h"

namespace wardian::plan {

bool Dependence::reads(const NodePtr& node) {
  const auto known = known_.find(node.get());
  if (known != known_.end()) return known->second;
  const auto named = [&](const std::vector<NamedExpr>& all) {
    return std::ranges::any_of(all, [&](const NamedExpr& each) { return reads(each.expr); });
  };
  const bool answer = std::visit(
      overloaded{
          [](const Scan&) { return false; },
          [&](const Rows& rows) {
            return std::ranges::any_of(rows.rows, [&](const auto& row) {
              return std::ranges::any_of(row, [&](const ExprPtr& cell) { return reads(cell); });
            });
          },
          [&](const Range& range) {
            return reads(range.start) || reads(range.stop) || reads(range.step) || (range.input && reads(range.input));
          },
          [&](const Filter& filter) { return reads(filter.input) || reads(filter.condition); },
          [&](const Project& project) { return reads(project.input) || named(project.columns); },
          [&](const Aggregate& all) { return reads(all.input) || named(all.keys) || named(all.aggregates); },
          [&](const Sort& sort) {
            return reads(sort.input) || std::ranges::any_of(sort.keys, [&](const SortKey& key) { return reads(key.expr); });
          },
          [&](const Limit& limit) { return reads(limit.input) || reads(limit.rows); },
          [&](const Distinct& distinct) { return reads(distinct.input); },
          [&](const Join& join) { return reads(join.left) || reads(join.right) || (join.condition && reads(join.condition)); },
          [&](const Union& all) { return std::ranges::any_of(all.inputs, [&](const NodePtr& input) { return reads(input); }); },
          [&](const Expand& expand) { return reads(expand.input); },
          [&](const Shared& shared) { return shared.id == id_ || reads(shared.input); },
          [&](const AlgorithmCall& call) {
            return std::ranges::any_of(call.inputs, [&](const NodePtr& input) { return reads(input); });
          },
          [&](const PythonCall& call) { return reads(call.input); }},
      node->node);
  known_.emplace(node.get(), answer);
  return answer;
}

bool Dependence::reads(const ExprPtr& expr) {
  const auto any = [&](const std::vector<ExprPtr>& all) {
    return std::ranges::any_of(all, [&](const ExprPtr& each) { return reads(each); });
  };
  return std::visit(
      overloaded{[&](const Call& call) { return any(call.arguments); },
                 [&](const WindowCall& call) { return any(call.arguments); },
                 [&](const ScalarSubquery& subquery) { return reads(subquery.table); },
                 [&](const InSubquery& in) { return reads(in.value) || reads(in.table); }, [](const auto&) { return false; }},
      expr->node);
}

}  // namespace wardian::plan

#include "wardian/plan/lower.h"

#include "wardian/base/overloaded.h"
#include "wardian/plan/lowerer.h"

namespace wardian::plan {

columnar::Type CallSite::type(std::size_t argument) const { return expressions[argument]->type; }

bool InSubquery::reads_nulls() const {
  const auto* constant = std::get_if<Constant>(&value->node);
  const bool null_possible = value->type != columnar::Type::string && (constant == nullptr || constant->value.is_null());
  return null_possible && table->schema.front().type != columnar::Type::string;
}

const columnar::Value* CallSite::constant(std::size_t argument) const {
  const auto* constant = std::get_if<Constant>(&expressions[argument]->node);
  return constant == nullptr ? nullptr : &constant->value;
}

Result<std::vector<Stage>> lower(const NodePtr& plan, std::uint64_t& next_stage) { return Lowerer(next_stage).program(plan); }

Result<std::vector<Stage>> Lowerer::program(const NodePtr& plan) {
  count_uses(*plan);
  WARDIAN_ASSIGN(Relation answer, relation(*plan));
  Stage last;
  last.inputs.push_back(piece(std::move(answer), plan->schema));
  last.schema = plan->schema;
  last.serialized = plan->serialized;
  stages_.push_back(std::move(last));
  for (Stage& stage : stages_) stage.reads_tables = reads_tables_;
  return std::move(stages_);
}

SqlPiece Lowerer::piece(Relation relation, const columnar::Schema& schema) {
  if (!relation.table) return {std::make_shared<const sql::Query>(std::move(relation.query)), schema};
  sql::Select select;
  for (const std::string& name : relation.names) select.items.push_back({sql::column(name), name});
  select.from = std::move(relation.table);
  return {sql::query(std::move(select)), schema};
}

void Lowerer::count_uses(const Expr& expr) {
  std::visit(overloaded{[&](const Call& call) {
                          for (const ExprPtr& argument : call.arguments) count_uses(*argument);
                        },
                        [&](const WindowCall& call) {
                          for (const ExprPtr& argument : call.arguments) count_uses(*argument);
                        },
                        [&](const ScalarSubquery& subquery) { count_uses(*subquery.table); },
                        [&](const InSubquery& in) {
                          count_uses(*in.value);
                          count_uses(*in.table);
                          if (in.reads_nulls()) count_uses(*in.table);
                        },
                        [](const auto&) {}},
             expr.node);
}

/// As condition() lowers it.
void Lowerer::count_condition(const Expr& expr) {
  if (const auto* in = std::get_if<InSubquery>(&expr.node)) {
    count_uses(*in->value);
    return count_uses(*in->table);
  }
  const auto* call = std::get_if<Call>(&expr.node);
  if (call == nullptr || call->name != "and") return count_uses(expr);
  for (const ExprPtr& argument : call->arguments) count_condition(*argument);
}

void Lowerer::count_uses(const Node& node) {
  const auto named = [&](const std::vector<NamedExpr>& exprs) {
    for (const NamedExpr& each : exprs) count_uses(*each.expr);
  };
  std::visit(overloaded{[](const Scan&) {},
                        [&](const Rows& rows) {
                          for (const auto& row : rows.rows) {
                            for (const ExprPtr& cell : row) count_uses(*cell);
                          }
                        },
                        [&](const Range& range) {
                          if (range.input) count_uses(*range.input);
                          count_uses(*range.start);
                          count_uses(*range.stop);
                          count_uses(*range.step);
                        },
                        [&](const Filter& filter) {
                          count_uses(*filter.input);
                          count_condition(*filter.condition);
                        },
                        [&](const Project& project) {
                          count_uses(*project.input);
                          named(project.columns);
                        },
                        [&](const Aggregate& aggregate) {
                          count_uses(*aggregate.input);
                          named(aggregate.keys);
                          named(aggregate.aggregates);
                        },
                        [&](const Sort& sort) {
                          count_uses(*sort.input);
                          for (const SortKey& key : sort.keys) count_uses(*key.expr);
                        },
                        [&](const Limit& limit) {
                          count_uses(*limit.input);
                          count_uses(*limit.rows);
                        },
                        [&](const Distinct& distinct) { count_uses(*distinct.input); },
                        [&](const Join& join) {
                          count_uses(*join.left);
                          count_uses(*join.right);
                          if (join.condition) count_uses(*join.condition);
                          for (const auto* keys : {&join.keys, &join.null_safe}) {
                            for (const auto& [left, right] : *keys) {
                              count_uses(*left);
                              count_uses(*right);
                            }
                          }
                        },
                        [&](const Union& all) {
                          for (const NodePtr& input : all.inputs) count_uses(*input);
                        },
                        [&](const Expand& expand) {
                          count_uses(*expand.input);
                          for (const Expand::Item& item : expand.items) count_uses(*item.value);
                          if (expand.row_limit) count_uses(*expand.row_limit);
                        },
                        [&](const Shared& shared) {
                          if (shared_uses_[shared.id]++ == 0) count_uses(*shared.input);
                        },
                        [&](const AlgorithmCall& call) {
                          for (const NodePtr& input : call.inputs) count_uses(*input);
                        },
                        [&](const PythonCall& call) { count_uses(*call.input); }},
             node.node);
}

}  // namespace wardian::plan

#include <string>

#include "wardian/base/overloaded.h"
#include "wardian/kernels/datetime.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/timespan.h"
#include "wardian/plan/lower.h"

namespace wardian::plan {
namespace {

std::string text_of(const columnar::Value& value) {
  return std::visit(overloaded{[&](std::monostate) { return std::string(columnar::type_name(value.type)) + "(null)"; },
                               [](bool held) { return std::string(held ? "true" : "false"); },
                               [&](std::int64_t held) {
                                 if (value.type == columnar::Type::datetime)
                                   return "datetime(" + kernels::format_datetime(held) + ")";
                                 if (value.type == columnar::Type::timespan)
                                   return "timespan(" + kernels::format_timespan(held) + ")";
                                 return std::to_string(held);
                               },
                               [](double held) {
                                 std::string text;
                                 kernels::append_real(text, held);
                                 return text;
                               },
                               [](const std::string& held) { return "'" + held + "'"; }},
                    value.held);
}

class Describer {
 public:
  explicit Describer(std::string& out) : out_(out) {}

  void node(const Node& node, int depth) {
    out_.append(static_cast<std::size_t>(depth) * 2, ' ');
    const columnar::Schema* left = &node.schema;
    const columnar::Schema* right = nullptr;
    std::vector<const Node*> below;
    const auto over = [&](const NodePtr& input) {
      left = &input->schema;
      below.push_back(input.get());
    };
    std::visit(
        overloaded{[&](const Scan& scan) { out_ += "scan " + scan.label; },
                   [&](const Rows& rows) { out_ += "rows " + std::to_string(rows.rows.size()); },
                   [&](const Range& range) {
                     if (range.input) over(range.input);
                     out_ += "range from " + expr(*range.start, *left, right) + " to " + expr(*range.stop, *left, right) +
                             " step " + expr(*range.step, *left, right);
                   },
                   [&](const Filter& filter) {
                     over(filter.input);
                     out_ += "filter " + expr(*filter.condition, *left, right);
                   },
                   [&](const Project& project) {
                     over(project.input);
                     out_ += "project " + named(project.columns, *left);
                   },
                   [&](const Aggregate& aggregate) {
                     over(aggregate.input);
                     out_ += "aggregate " + named(aggregate.aggregates, *left);
                     if (!aggregate.keys.empty()) out_ += " by " + named(aggregate.keys, *left);
                   },
                   [&](const Sort& sort) {
                     over(sort.input);
                     out_ += "sort by ";
                     for (std::size_t at = 0; at < sort.keys.size(); ++at) {
                       if (at > 0) out_ += ", ";
                       out_ += expr(*sort.keys[at].expr, *left, right) + (sort.keys[at].descending ? " desc" : " asc") +
                               (sort.keys[at].nulls_first ? " nulls first" : " nulls last");
                     }
                   },
                   [&](const Limit& limit) {
                     over(limit.input);
                     out_ += "limit " + expr(*limit.rows, *left, right);
                   },
                   [&](const Distinct& distinct) {
                     over(distinct.input);
                     out_ += "distinct";
                   },
                   [&](const Join& join) {
                     over(join.left);
                     below.push_back(join.right.get());
                     right = &join.right->schema;
                     static constexpr const char* kKinds[] = {"inner",    "innerunique", "leftouter", "rightouter", "fullouter",
                                                              "leftsemi", "leftanti",    "rightsemi", "rightanti"};
                     out_ += std::string("join kind=") + kKinds[static_cast<std::size_t>(join.kind)] + " on ";
                     const char* before = "";
                     for (const auto* keys : {&join.keys, &join.null_safe}) {
                       for (const auto& [left_key, right_key] : *keys) {
                         out_ += before + expr(*left_key, *left, right) + " == " + expr(*right_key, *left, right);
                         before = ", ";
                       }
                     }
                     if (join.condition) out_ += before + expr(*join.condition, *left, right);
                   },
                   [&](const Union& all) {
                     out_ += "union";
                     for (const NodePtr& input : all.inputs) below.push_back(input.get());
                   },
                   [&](const Expand& expand) {
                     over(expand.input);
                     out_ += "expand ";
                     for (std::size_t at = 0; at < expand.items.size(); ++at) {
                       if (at > 0) out_ += ", ";
                       out_ += expr(*expand.items[at].value, *left, right);
                     }
                   },
                   [&](const Shared& shared) {
                     over(shared.input);
                     out_ += "shared " + shared.name + " #" + std::to_string(shared.id);
                   },
                   [&](const AlgorithmCall& call) {
                     for (const NodePtr& input : call.inputs) below.push_back(input.get());
                     out_ += call.algorithm->describe();
                   },
                   [&](const PythonCall& call) {
                     over(call.input);
                     out_ += std::string("python") + (call.per_node ? " per node" : "") +
                             (call.batch_rows ? " by batches of " + std::to_string(*call.batch_rows) : "") + ", script of " +
                             std::to_string(call.script.size()) + " bytes, arguments " + call.arguments_json;
                   }},
        node.node);
    out_ += " -> " + columns(node.schema) + "\n";
    for (const Node* input : below) this->node(*input, depth + 1);
    for (const Node* table : std::exchange(subqueries_, {})) {
      out_.append(static_cast<std::size_t>(depth + 1) * 2, ' ');
      out_ += "subquery\n";
      this->node(*table, depth + 2);
    }
  }

 private:
  static std::string columns(const columnar::Schema& schema) {
    std::string text = "(";
    for (const columnar::Column& column : schema) {
      if (text.size() > 1) text += ", ";
      text += column.name + ":" + std::string(columnar::type_name(column.type));
    }
    return text + ")";
  }

  std::string named(const std::vector<NamedExpr>& exprs, const columnar::Schema& schema) {
    std::string text;
    for (const NamedExpr& each : exprs) {
      if (!text.empty()) text += ", ";
      const std::string value = expr(*each.expr, schema, nullptr);
      text += value == each.name ? value : each.name + " = " + value;
    }
    return text;
  }

  std::string call(std::string_view name, const std::vector<ExprPtr>& arguments, const columnar::Schema& left,
                   const columnar::Schema* right) {
    std::string text = std::string(name) + "(";
    for (std::size_t at = 0; at < arguments.size(); ++at) {
      if (at > 0) text += ", ";
      text += expr(*arguments[at], left, right);
    }
    return text + ")";
  }

  std::string expr(const Expr& expr, const columnar::Schema& left, const columnar::Schema* right) {
    return std::visit(overloaded{[&](const ColumnRef& ref) {
                                   if (ref.input == kAround) return "$row." + std::to_string(ref.index);
                                   const columnar::Schema& schema = ref.input == 1 && right != nullptr ? *right : left;
                                   const std::string side = right == nullptr ? "" : ref.input == 1 ? "$right." : "$left.";
                                   return side + schema.at(ref.index).name;
                                 },
                                 [](const Constant& constant) { return text_of(constant.value); },
                                 [&](const Call& inner) { return call(inner.name, inner.arguments, left, right); },
                                 [&](const WindowCall& inner) { return call(inner.name, inner.arguments, left, right); },
                                 [&](const ScalarSubquery& subquery) {
                                   subqueries_.push_back(subquery.table.get());
                                   return std::string("toscalar(…)");
                                 },
                                 [&](const InSubquery& in) {
                                   subqueries_.push_back(in.table.get());
                                   return this->expr(*in.value, left, right) + " in (…)";
                                 },
                                 [](const LambdaParameter& parameter) { return parameter.name; }},
                      expr.node);
  }

  std::string& out_;
  std::vector<const Node*> subqueries_;
};

}  // namespace

std::string describe(const Node& node, int depth) {
  std::string text;
  Describer(text).node(node, depth);
  return text;
}

}  // namespace wardian::plan

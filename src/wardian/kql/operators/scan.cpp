#include <map>
#include <set>

#include "wardian/algorithm/scan_algorithm.h"
#include "wardian/kql/operators/projection.h"
#include "wardian/plan/row_program.h"

namespace wardian::kql {
namespace {

using algorithm::ScanPlan;
using algorithm::ScanStep;

/// Binds one scan. Expressions are bound over a row of the input's columns, the declared ones, then those of every step's state;
/// parts that the state has no say in are computed by the engine beforehand, as further columns of the input.
class Scan {
 public:
  Scan(Binder& binder, const syntax::ScanOperator& node, const OperatorSite& site) : binder_(binder), node_(node), site_(site) {}

  OperatorResult bind() {
    WARDIAN_TRY(declare_columns());
    WARDIAN_TRY(name_match());
    WARDIAN_TRY(show_columns());
    for (const syntax::ScanStep& step : node_.steps) WARDIAN_TRY(bind_step(step));
    return finish();
  }

 private:
  struct Step {
    ExprPtr condition;
    std::vector<std::pair<std::size_t, ExprPtr>> assignments;
  };

  std::size_t width() const { return site_.input->schema.size(); }
  std::size_t extended_width() const { return width() + plan_.declared.size(); }

  Status declare_columns() {
    plan_.columns = site_.input->schema;
    for (const syntax::ScanVariable& variable : node_.variables) {
      if (columnar::find_column(plan_.columns, variable.name.text) || columnar::find_column(plan_.declared, variable.name.text)) {
        return duplicate_column(variable.name);
      }
      Value value = columnar::null_of(variable.type);
      if (variable.default_value != nullptr) {
        WARDIAN_ASSIGN(ExprPtr bound, binder_.scalar(*variable.default_value, site_.env.without_rows()));
        const SourceSpan span = bound->span;
        WARDIAN_ASSIGN(value, binder_.constant(cast(std::move(bound), variable.type), span));
      }
      plan_.declared.push_back({variable.name.text, variable.type});
      plan_.defaults.push_back(plan::cell_of(value));
    }
    return {};
  }

  Status name_match() {
    const syntax::Parameter* given = syntax::find_parameter(node_.parameters, "with_match_id");
    if (given == nullptr) return {};
    const auto* name = std::get_if<syntax::Name>(&given->value.node);
    if (name == nullptr) return error_at(ErrorCode::bad_argument, "The name of a column is needed here", given->value.span);
    ColumnNames names;
    for (const columnar::Column& column : plan_.columns) names.reserve(column.name);
    for (const columnar::Column& column : plan_.declared) names.reserve(column.name);
    match_name_ = names.free_name(name->text);
    plan_.match_id = true;
    return {};
  }

  Status show_columns() {
    seen_ = plan_.columns;
    seen_.insert(seen_.end(), plan_.declared.begin(), plan_.declared.end());
    std::set<std::string, std::less<>> names;
    for (const syntax::ScanStep& step : node_.steps) {
      if (!names.insert(step.name.text).second) {
        return error_at(ErrorCode::duplicate_name, "There is a step of that name already: " + step.name.text, step.name.span);
      }
      for (std::size_t at = 0; at < extended_width(); ++at) {
        seen_.push_back({step_column(step.name.text, seen_[at].name), seen_[at].type});
      }
    }
    env_ = site_.rows();
    env_.columns = &seen_;
    env_.table = nullptr;
    env_.has_steps = true;
    return {};
  }

  Status bind_step(const syntax::ScanStep& step) {
    Step made;
    WARDIAN_ASSIGN(made.condition, binder_.scalar_of(*step.condition, Type::boolean, env_));
    for (const syntax::Expr& each : step.assignments) {
      const auto* named = std::get_if<syntax::Named>(&each.node);
      if (named == nullptr || named->names.size() != 1) {
        return error_at(ErrorCode::wrong_context, "A step sets columns: name = value", each.span);
      }
      const columnar::Schema own(seen_.begin(), seen_.begin() + static_cast<std::ptrdiff_t>(extended_width()));
      const auto at = columnar::find_column(own, named->names.front().text);
      if (!at) {
        Environment columns;
        columns.columns = &own;
        Error error = unknown_name(named->names.front().text, named->names.front().span, columns);
        if (error.hint.empty()) error.hint = "declare (" + named->names.front().text + ": type) makes a column";
        return error;
      }
      WARDIAN_ASSIGN(ExprPtr value, binder_.scalar(*named->value, env_));
      const Type type = own[*at].type;
      ExprPtr converted = convert(value, type);
      if (!converted && columnar::is_numeric(value->type) && columnar::is_numeric(type)) converted = cast(value, type);
      if (!converted) {
        return error_at(ErrorCode::type_mismatch,
                        "A value of type " + std::string(columnar::type_name(type)) + " is needed for " + own[*at].name +
                            ", not " + std::string(columnar::type_name(value->type)),
                        named->value->span, conversion_hint(type));
      }
      made.assignments.emplace_back(*at, std::move(converted));
    }
    made.condition = without_computed(made.condition);
    for (auto& [at, value] : made.assignments) value = without_computed(value);
    steps_.push_back(std::move(made));
    return {};
  }

  /// Whether only the input's columns have a say in the value.
  bool is_of_input(const ExprPtr& expr) const {
    if (is_of_row(*expr)) return false;
    if (const auto* ref = std::get_if<plan::ColumnRef>(&expr->node)) return ref->index < width();
    if (const auto* call = std::get_if<plan::Call>(&expr->node)) {
      return std::ranges::all_of(call->arguments, [&](const ExprPtr& each) { return is_of_input(each); });
    }
    if (const auto* call = std::get_if<plan::WindowCall>(&expr->node)) {
      return std::ranges::all_of(call->arguments, [&](const ExprPtr& each) { return is_of_input(each); });
    }
    if (const auto* in = std::get_if<plan::InSubquery>(&expr->node)) return is_of_input(in->value);
    return true;
  }

  /// The greatest parts of that kind become columns that the engine computes; references to them count on behind all others.
  ExprPtr without_computed(const ExprPtr& expr) {
    if (std::holds_alternative<plan::ColumnRef>(expr->node) || std::holds_alternative<plan::Constant>(expr->node)) return expr;
    if (is_of_input(expr)) {
      const auto index = static_cast<std::uint32_t>(seen_.size() + computed_.size());
      computed_.push_back({"#computed" + std::to_string(computed_.size()), expr});
      return plan::make_expr(plan::ColumnRef{0, index}, expr->type, expr->span);
    }
    const auto* call = std::get_if<plan::Call>(&expr->node);
    if (call == nullptr) return expr;
    plan::Call made = *call;
    for (ExprPtr& argument : made.arguments) argument = without_computed(argument);
    return plan::make_expr(std::move(made), expr->type, expr->span);
  }

  /// References as the slots of a step's programs.
  ExprPtr with_slots(const ExprPtr& expr) {
    if (const auto* ref = std::get_if<plan::ColumnRef>(&expr->node)) {
      return plan::make_expr(plan::ColumnRef{0, static_cast<std::uint32_t>(slot_of(ref->index))}, expr->type, expr->span);
    }
    const auto* call = std::get_if<plan::Call>(&expr->node);
    if (call == nullptr) return expr;
    plan::Call made = *call;
    for (ExprPtr& argument : made.arguments) argument = with_slots(argument);
    return plan::make_expr(std::move(made), expr->type, expr->span);
  }

  std::size_t slot_of(std::size_t index) {
    const std::size_t inputs = width() + computed_.size();
    if (index < width()) {
      read_.insert(index);
      return index;
    }
    if (index >= seen_.size()) {
      read_.insert(width() + index - seen_.size());
      return width() + index - seen_.size();
    }
    if (index < extended_width()) return inputs + index - width();
    const std::size_t of_steps = index - extended_width();
    const std::size_t step = of_steps / extended_width(), column = of_steps % extended_width();
    const auto [at, added] = state_.emplace(std::pair(step, column), plan_.state.size());
    if (added) {
      plan_.state.push_back({step, column});
      if (column < width()) read_.insert(column);
    }
    return inputs + plan_.declared.size() + at->second;
  }

  OperatorResult finish() {
    for (std::size_t at = 0; at < steps_.size(); ++at) {
      ScanStep step;
      step.optional = node_.steps[at].optional;
      const syntax::ScanOutput output = node_.steps[at].output;
      step.output = output == syntax::ScanOutput::all    ? algorithm::StepOutput::all
                    : output == syntax::ScanOutput::last ? algorithm::StepOutput::last
                                                         : algorithm::StepOutput::none;
      WARDIAN_ASSIGN(step.condition, plan::row_program(*with_slots(steps_[at].condition)));
      for (const auto& [column, value] : steps_[at].assignments) {
        WARDIAN_ASSIGN(algorithm::RowProgram program, plan::row_program(*with_slots(value)));
        step.assignments.emplace_back(column, std::move(program));
      }
      plan_.steps.push_back(std::move(step));
    }
    plan_.computed = computed_.size();
    plan_.read.assign(read_.begin(), read_.end());

    std::vector<plan::NamedExpr> columns = all_columns(*site_.input);
    for (plan::NamedExpr& each : computed_) columns.push_back(std::move(each));
    const std::size_t keys_begin = columns.size();
    WARDIAN_TRY(add_keys(columns));
    plan::Node ordered = *site_.input;
    ordered.serialized = true;
    NodePtr rows = project(std::make_shared<const plan::Node>(std::move(ordered)), std::move(columns));
    std::shared_ptr<const algorithm::TableAlgorithm> run =
        std::make_shared<const algorithm::ScanAlgorithm>(std::make_shared<const ScanPlan>(plan_));
    columnar::Schema schema = plan_.columns;
    schema.insert(schema.end(), plan_.declared.begin(), plan_.declared.end());
    if (plan_.match_id) schema.push_back({match_name_, Type::int64});
    const columnar::Schema shown = schema;
    if (partitions_ + orders_ > 0) {
      rows = sorted(std::move(rows), keys_begin);
      run = run->for_groups(partitions_, partitions_ + orders_);
      schema.insert(schema.end(), rows->schema.begin() + static_cast<std::ptrdiff_t>(keys_begin), rows->schema.end());
    }
    plan::AlgorithmCall call{{std::move(rows)}, std::move(run), site_.keyword};
    NodePtr made = plan::make_node(std::move(call), std::move(schema), true);
    if (made->schema.size() == shown.size()) return made;
    std::vector<plan::NamedExpr> kept;
    for (std::size_t at = 0; at < shown.size(); ++at) kept.push_back({shown[at].name, input_column(made->schema, at)});
    return project(std::move(made), std::move(kept));
  }

  /// What `partition by` and `order by` within the operator say, as columns at the end.
  Status add_keys(std::vector<plan::NamedExpr>& columns) {
    const Environment rows = site_.rows();
    const auto add = [&](const syntax::Expr& expr, const char* name) -> Status {
      WARDIAN_ASSIGN(ExprPtr key, binder_.scalar(expr, rows));
      columns.push_back({name, std::move(key)});
      return {};
    };
    for (const syntax::Expr& each : node_.partition_by) WARDIAN_TRY(add(each, "#partition"));
    for (const syntax::Expr& each : node_.order_by) WARDIAN_TRY(add(each, "#order"));
    partitions_ = node_.partition_by.size();
    orders_ = node_.order_by.size();
    return {};
  }
  NodePtr sorted(NodePtr rows, std::size_t from) const {
    std::vector<plan::SortKey> keys;
    for (std::size_t at = from; at < rows->schema.size(); ++at) {
      keys.push_back({input_column(rows->schema, at), false, true});
    }
    columnar::Schema schema = rows->schema;
    return plan::make_node(plan::Sort{std::move(rows), std::move(keys)}, std::move(schema), true);
  }

  Binder& binder_;
  const syntax::ScanOperator& node_;
  const OperatorSite& site_;
  ScanPlan plan_;
  std::string match_name_;
  columnar::Schema seen_;
  Environment env_;
  std::vector<Step> steps_;
  std::vector<plan::NamedExpr> computed_;
  std::set<std::size_t> read_;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> state_;
  std::size_t partitions_ = 0, orders_ = 0;
};

}  // namespace

std::string step_column(std::string_view step, std::string_view column) {
  return "\x01" + std::string(step) + "." + std::string(column);
}

OperatorResult bind_operator(Binder& binder, const syntax::ScanOperator& node, const OperatorSite& site) {
  return Scan(binder, node, site).bind();
}

}  // namespace wardian::kql

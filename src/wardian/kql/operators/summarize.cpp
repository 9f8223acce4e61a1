#include "wardian/kql/operators/summarize.h"

#include <algorithm>

#include "wardian/kql/aggregates/aggregate_call.h"
#include "wardian/sqltree/build.h"

namespace wardian::kql {
namespace {

namespace sql = sqltree;

sql::ExprPtr never_null_text(const plan::CallSite& site, sql::ExprPtr value) {
  if (site.result != Type::string) return value;
  return sql::call("coalesce", {std::move(value), sql::string("")});
}

/// (values…, by, which): the value beside the extreme, of some row where the extreme stands, and of any row where it is null
/// everywhere. Several values are found as one, which the engine does once for all: calls that are the same but for the last
/// argument are one to it. All values come from one row, as all these aggregates meet the rows in the same order.
sql::ExprPtr beside(const plan::CallSite& site, const char* function) {
  const std::size_t values = site.arguments.size() - 2;
  const sql::ExprPtr& by = site.arguments[values];
  const bool several = values > 1;
  const sql::ExprPtr value =
      several ? sql::call("row", {site.arguments.begin(), site.arguments.begin() + static_cast<std::ptrdiff_t>(values)})
              : site.arguments[0];
  sql::ExprPtr found = sql::call(function, {value, by});
  if (site.type(values) != Type::string) {
    found =
        sql::if_else(sql::binary("=", sql::call("count", {by}), sql::integer(0)), sql::call("first", {value}), std::move(found));
  }
  if (several) {
    const auto* which = std::get_if<std::int64_t>(&site.constant(values + 1)->held);
    found = sql::call("struct_extract", {std::move(found), sql::integer(*which + 1)});
  }
  return never_null_text(site, std::move(found));
}
sql::ExprPtr beside_max(const plan::CallSite& site) { return beside(site, "arg_max_null"); }
sql::ExprPtr beside_min(const plan::CallSite& site) { return beside(site, "arg_min_null"); }
sql::ExprPtr greatest(const plan::CallSite& site) { return never_null_text(site, sql::call("max", {site.arguments[0]})); }
sql::ExprPtr least(const plan::CallSite& site) { return never_null_text(site, sql::call("min", {site.arguments[0]})); }
/// Nulls and empty texts are passed over.
sql::ExprPtr any_value(const plan::CallSite& site) {
  const bool text = site.result == Type::string;
  sql::ExprPtr value = text ? sql::call("nullif", {site.arguments[0], sql::string("")}) : site.arguments[0];
  return never_null_text(site, sql::call("any_value", {std::move(value)}));
}
sql::ExprPtr first_row(const plan::CallSite& site) { return never_null_text(site, sql::call("first", {site.arguments[0]})); }

ExprPtr aggregate_expr(std::string_view name, plan::SqlRewrite rewrite, std::vector<ExprPtr> arguments, Type type,
                       SourceSpan span) {
  return plan::make_expr(plan::Call{name, {"", rewrite}, std::move(arguments)}, type, span);
}

/// The same percentiles of one value, as parts of one aggregate.
std::vector<ExprPtr> computed_together(std::span<const ExprPtr> percentiles) {
  const auto arguments_of = [](const ExprPtr& percentile) -> const std::vector<ExprPtr>& {
    return std::get<plan::Call>(percentile->node).arguments;
  };
  std::vector<ExprPtr> arguments = {arguments_of(percentiles.front()).front()};
  for (const ExprPtr& percentile : percentiles) arguments.push_back(arguments_of(percentile)[1]);
  std::vector<ExprPtr> made;
  for (std::size_t at = 0; at < percentiles.size(); ++at) {
    std::vector<ExprPtr> own = arguments;
    own.push_back(constant_expr(Value{Type::int64, static_cast<std::int64_t>(at)}));
    made.push_back(plan::make_expr(plan::Call{"percentile", one_percentile_of_several(), std::move(own)}, percentiles[at]->type,
                                   percentiles[at]->span));
  }
  return made;
}

}  // namespace

Status Grouping::add_key(const syntax::Expr& expr) {
  WARDIAN_ASSIGN(Entry entry, bind_entry(binder_, expr, rows_));
  wrong_name_ = wrong_name_ || entry.wrong_name;
  for (std::size_t at = 0; at < entry.columns.size(); ++at) {
    plan::NamedExpr& key = entry.columns[at];
    if (key.expr->type == Type::dynamic) {
      return error_at(ErrorCode::type_mismatch, "Rows cannot be grouped by a dynamic value", entry.value->span,
                      "Convert it: tostring(…), tolong(…)");
    }
    if (entry.named != nullptr && at < entry.named->names.size()) {
      WARDIAN_ASSIGN(key.name, names_.claim(entry.named->names[at]));
    } else if (const auto* name = std::get_if<syntax::Name>(&entry.value->node)) {
      WARDIAN_ASSIGN(key.name, names_.claim({name->text, entry.value->span, name->quoted}));
    } else if (auto derived = derived_name_of(entry, at)) {
      key.name = names_.free_name(std::move(*derived));
    } else {
      key.name = names_.free_name("Column" + std::to_string(++unnamed_));
    }
    keys_.push_back(std::move(key));
  }
  return {};
}

Status Grouping::add_aggregate(const syntax::Expr& expr) {
  sink_.keys = keys_.size();
  sink_.rows = &rows_;
  const auto* named = std::get_if<syntax::Named>(&expr.node);
  const syntax::Expr& value = named != nullptr ? *named->value : expr;
  if (const auto* call = std::get_if<syntax::Call>(&value.node)) {
    const std::string& name = call->function.text;
    const Meaning* own = rows_.scope ? rows_.scope->find(name) : nullptr;
    if (own == nullptr || !std::holds_alternative<UserFunctionPtr>(*own)) {
      if (name == "arg_max" || name == "arg_min" || name == "argmax" || name == "argmin") return extreme(*call, named);
      if (name == "take_any" || name == "any") return any_row(*call, named);
      if (name == "percentiles" || name == "percentilesw") return percentiles(*call, named);
    }
  }
  return one_value(value, named);
}

Status Grouping::missing(const syntax::Expr& expr, Error mistake) {
  WARDIAN_TRY(binder_.note(std::move(mistake)));
  const auto* named = std::get_if<syntax::Named>(&expr.node);
  const bool known = named != nullptr || std::holds_alternative<syntax::Name>(expr.node);
  const std::string name = named != nullptr ? named->names.front().text : derived_name(expr).value_or("*");
  outputs_.push_back({name, known ? missing_expr(expr.span) : missing_columns(expr.span)});
  return {};
}

Status Grouping::one_value(const syntax::Expr& value, const syntax::Named* named) {
  Environment env = rows_;
  env.columns = nullptr;  // a column outside an aggregate has no one value in a group
  env.aggregates = &sink_;
  WARDIAN_ASSIGN(ExprPtr bound, binder_.scalar_or_several(value, env));
  if (const columnar::Schema* results = results_of(*bound)) return several_values(bound, *results, named);
  const auto* call = std::get_if<syntax::Call>(&value.node);
  if (named != nullptr) {
    if (named->names.size() > 1) {
      const bool tuple = call != nullptr && call->function.text.starts_with("percentile");
      if (tuple) return all_names_used(named, 1);
      return error_at(ErrorCode::wrong_context, "The value has one result, not several", named->names.front().span);
    }
    WARDIAN_ASSIGN(std::string given, names_.claim(named->names.front()));
    outputs_.push_back({std::move(given), std::move(bound)});
    return {};
  }
  std::string name = derived_name(value).value_or("");
  // A percentage may stand in a variable, which the text alone does not tell.
  if (call != nullptr && (call->function.text == "percentile" || call->function.text == "percentilew") && name.ends_with('_')) {
    name += percent_of(call->arguments.back());
  }
  if (name.empty()) name = "Column" + std::to_string(++unnamed_);
  outputs_.push_back({names_.free_name(std::move(name)), std::move(bound)});
  return {};
}

/// (a, b) = series_fit_line(make_list(x)): the results without a written name have the function's own.
Status Grouping::several_values(const ExprPtr& call, const columnar::Schema& results, const syntax::Named* named) {
  const std::size_t names = named == nullptr ? 0 : named->names.size();
  if (names > results.size()) return one_name_too_many(results, named->names[results.size()].span);
  for (std::size_t at = 0; at < results.size(); ++at) {
    std::string name;
    if (at < names) {
      WARDIAN_ASSIGN(name, names_.claim(named->names[at]));
    } else {
      name = names_.free_name(results[at].name);
    }
    outputs_.push_back({std::move(name), result_at(call, at)});
  }
  return {};
}

std::string Grouping::percent_of(const syntax::Expr& expr) {
  if (const auto* literal = std::get_if<syntax::Literal>(&expr.node)) return percent_name(literal->value);
  if (!std::holds_alternative<syntax::Name>(expr.node)) return {};
  const Binder::Trial second_time(binder_);
  const Result<ExprPtr> bound = binder_.scalar(expr, rows_);
  const auto* constant = bound.ok() ? std::get_if<plan::Constant>(&(*bound)->node) : nullptr;
  return constant == nullptr ? std::string() : percent_name(constant->value);
}

Status Grouping::output(ExprPtr aggregate, std::string name, const syntax::Named* named, std::size_t& named_used) {
  const Type type = aggregate->type;
  const SourceSpan span = aggregate->span;
  if (named != nullptr && named_used < named->names.size()) {
    WARDIAN_ASSIGN(name, names_.claim(named->names[named_used++]));
  } else {
    name = names_.free_name(name.empty() ? "Column" + std::to_string(++unnamed_) : std::move(name));
  }
  const auto index = static_cast<std::uint32_t>(keys_.size() + sink_.aggregates.size());
  sink_.aggregates.push_back({name, std::move(aggregate)});
  outputs_.push_back({std::move(name), plan::make_expr(plan::ColumnRef{0, index}, type, span)});
  return {};
}

Status Grouping::all_names_used(const syntax::Named* named, std::size_t used) {
  if (named == nullptr || used >= named->names.size()) return {};
  return error_at(ErrorCode::wrong_context, "There is no result for this name", named->names[used].span);
}

Status Grouping::extreme(const syntax::Call& call, const syntax::Named* named) {
  if (call.arguments.empty()) return wrong_count(call.function.text, "at least 1 argument", 0, call.function.span);
  const bool largest = call.function.text == "arg_max" || call.function.text == "argmax";
  const syntax::Expr& first = call.arguments.front();
  const std::string extreme_name = largest ? "max_" : "min_";
  const auto measured_name = name_within(first);
  const bool older = call.function.text == "argmax" || call.function.text == "argmin";  // a spelling with names of its own
  const std::string prefix = older ? extreme_name + measured_name.value_or("") + "_" : "";
  WARDIAN_ASSIGN(const ExprPtr by, binder_.scalar(first, rows_));
  if (by->type == Type::dynamic || by->type == Type::guid) {
    return error_at(ErrorCode::type_mismatch,
                    "A value with an order is needed here, not " + std::string(columnar::type_name(by->type)), first.span);
  }
  std::size_t named_used = 0;
  WARDIAN_TRY(output(aggregate_expr(largest ? "max" : "min", largest ? &greatest : &least, {by}, by->type, first.span),
                     older ? extreme_name + measured_name.value_or("") : measured_name.value_or(extreme_name), named,
                     named_used));
  std::vector<ExprPtr> values;
  std::vector<std::string> names;
  const auto add = [&](ExprPtr value, std::string name) {
    values.push_back(std::move(value));
    names.push_back(std::move(name));
  };
  StarColumns columns = star_columns(call);
  if (const auto* measured = std::get_if<syntax::Name>(&first.node)) columns.given.insert(measured->text);
  for (std::size_t at = 1; at < call.arguments.size(); ++at) {
    const syntax::Expr& argument = call.arguments[at];
    if (std::holds_alternative<syntax::Star>(argument.node)) {
      for (std::size_t column = 0; column < input_->schema.size(); ++column) {
        const std::string& name = input_->schema[column].name;
        if (columns.given.insert(name).second) add(input_column(input_->schema, column, argument.span), prefix + name);
      }
      continue;
    }
    if (columns.repeats(argument)) continue;
    const auto* own_name = std::get_if<syntax::Named>(&argument.node);
    const syntax::Expr& value = own_name != nullptr ? *own_name->value : argument;
    WARDIAN_ASSIGN(ExprPtr bound, binder_.scalar(value, rows_));
    std::string name = extreme_name + measured_name.value_or("") + "_arg" + std::to_string(at);
    if (const auto derived = name_within(value)) name = prefix + *derived;
    if (own_name != nullptr) name = prefix + own_name->names.front().text;
    add(std::move(bound), std::move(name));
  }
  for (std::size_t at = 0; at < values.size(); ++at) {
    // Each call names all the values that are found with it: of a wide table some at a time, lest the text grows by the square.
    constexpr std::size_t kTogether = 16;
    const std::size_t begin = at - at % kTogether, end = std::min(values.size(), begin + kTogether);
    std::vector<ExprPtr> arguments(values.begin() + static_cast<std::ptrdiff_t>(begin),
                                   values.begin() + static_cast<std::ptrdiff_t>(end));
    arguments.push_back(by);
    arguments.push_back(constant_expr(Value{Type::int64, static_cast<std::int64_t>(at - begin)}));
    WARDIAN_TRY(output(aggregate_expr(largest ? "arg_max" : "arg_min", largest ? &beside_max : &beside_min, std::move(arguments),
                                      values[at]->type, values[at]->span),
                       std::move(names[at]), named, named_used));
  }
  return all_names_used(named, named_used);
}

Grouping::StarColumns Grouping::star_columns(const syntax::Call& call) const {
  StarColumns made;
  for (const syntax::Expr& argument : call.arguments) made.any = made.any || std::holds_alternative<syntax::Star>(argument.node);
  if (!made.any) return made;
  // A key that is computed, as bin(When, 1d), leaves its column among the rest.
  for (const plan::NamedExpr& key : keys_) {
    if (std::holds_alternative<plan::ColumnRef>(key.expr->node)) made.given.insert(key.name);
  }
  return made;
}

bool Grouping::StarColumns::repeats(const syntax::Expr& argument) {
  const auto* name = std::get_if<syntax::Name>(&argument.node);
  return any && name != nullptr && !given.insert(name->text).second;
}

Status Grouping::any_row(const syntax::Call& call, const syntax::Named* named) {
  std::size_t named_used = 0;
  // One column by itself gives a value where there is one; several come from one row.
  const bool alone = call.arguments.size() == 1 && !std::holds_alternative<syntax::Star>(call.arguments.front().node);
  const std::string prefix = call.function.text == "any" ? "any_" : "";  // of the older spelling
  const auto add = [&](ExprPtr value, std::string name) -> Status {
    const Type type = value->type;
    const SourceSpan span = value->span;
    return output(aggregate_expr("take_any", alone ? &any_value : &first_row, {std::move(value)}, type, span), std::move(name),
                  named, named_used);
  };
  if (call.arguments.empty()) return wrong_count(call.function.text, "at least 1 argument", 0, call.function.span);
  StarColumns columns = star_columns(call);
  for (const syntax::Expr& argument : call.arguments) {
    if (std::holds_alternative<syntax::Star>(argument.node)) {
      if (call.function.text == "any" && call.arguments.size() > 1) return star_refused(argument.span);
      for (std::size_t column = 0; column < input_->schema.size(); ++column) {
        const std::string& name = input_->schema[column].name;
        if (columns.given.insert(name).second)
          WARDIAN_TRY(add(input_column(input_->schema, column, argument.span), prefix + name));
      }
      continue;
    }
    if (columns.repeats(argument)) continue;
    const auto* own_name = std::get_if<syntax::Named>(&argument.node);
    WARDIAN_ASSIGN(ExprPtr bound, binder_.scalar(own_name != nullptr ? *own_name->value : argument, rows_));
    const auto position = static_cast<std::size_t>(&argument - call.arguments.data());
    std::string name = prefix.empty() || !alone ? "any_arg" + std::to_string(position) : prefix;
    if (const auto derived = name_within(argument)) name = prefix + *derived;
    WARDIAN_TRY(add(std::move(bound), std::move(name)));
  }
  return all_names_used(named, named_used);
}

/// One percentile after the other: percentiles(x, 5, 95) is percentile(x, 5), percentile(x, 95).
Status Grouping::percentiles(const syntax::Call& call, const syntax::Named* named) {
  const std::size_t fixed = call.function.text == "percentilesw" ? 2 : 1;
  if (call.arguments.size() <= fixed) {
    return wrong_count(call.function.text, "at least " + std::to_string(fixed + 1) + " arguments", call.arguments.size(),
                       call.function.span);
  }
  std::vector<ExprPtr> shared;
  for (std::size_t at = 0; at < fixed; ++at) {
    WARDIAN_ASSIGN(ExprPtr bound, binder_.scalar(call.arguments[at], rows_));
    shared.push_back(std::move(bound));
  }
  std::size_t named_used = 0;
  syntax::Call one;
  one.function = {fixed == 2 ? "percentilew" : "percentile", call.function.span, false};
  one.span = call.span;
  std::vector<ExprPtr> each;
  for (std::size_t at = fixed; at < call.arguments.size(); ++at) {
    std::vector<ExprPtr> arguments = shared;
    WARDIAN_ASSIGN(ExprPtr percent, binder_.scalar(call.arguments[at], rows_));
    arguments.push_back(std::move(percent));
    WARDIAN_ASSIGN(ExprPtr made, binder_.aggregate(one, std::move(arguments)));
    each.push_back(std::move(made));
  }
  if (fixed == 1 && each.size() > 1) each = computed_together(each);
  for (std::size_t at = fixed; at < call.arguments.size(); ++at) {
    WARDIAN_TRY(output(std::move(each[at - fixed]),
                       "percentile_" + name_within(call.arguments.front()).value_or("") + "_" + percent_of(call.arguments[at]),
                       named, named_used));
  }
  return all_names_used(named, named_used);
}

NodePtr Grouping::finish() {
  std::vector<ExprPtr*> over_rows;
  for (plan::NamedExpr& key : keys_) over_rows.push_back(&key.expr);
  for (plan::NamedExpr& aggregate : sink_.aggregates) over_rows.push_back(&aggregate.expr);
  input_ = with_windows_computed(std::move(input_), over_rows);
  columnar::Schema grouped;
  for (const plan::NamedExpr& key : keys_) grouped.push_back({key.name, key.expr->type});
  // When the outputs are the aggregates themselves, in order, they take their names at once.
  bool plain = outputs_.size() == sink_.aggregates.size() && !wrong_name_;
  for (std::size_t at = 0; plain && at < outputs_.size(); ++at) {
    const auto* ref = std::get_if<plan::ColumnRef>(&outputs_[at].expr->node);
    plain = ref != nullptr && ref->index == keys_.size() + at;
  }
  for (std::size_t at = 0; at < sink_.aggregates.size(); ++at) {
    if (plain) sink_.aggregates[at].name = outputs_[at].name;
    grouped.push_back({sink_.aggregates[at].name, sink_.aggregates[at].expr->type});
  }
  const std::size_t keys = keys_.size();
  NodePtr node = plan::make_node(plan::Aggregate{input_, std::move(keys_), std::move(sink_.aggregates)}, grouped);
  if (plain) return node;
  std::vector<plan::NamedExpr> columns;
  for (std::size_t at = 0; at < keys; ++at) columns.push_back({grouped[at].name, input_column(grouped, at)});
  for (Output& output : outputs_) columns.push_back({std::move(output.name), std::move(output.expr)});
  if (wrong_name_) add_names_of(columns, input_->schema);
  return project(std::move(node), std::move(columns));
}

OperatorResult bind_operator(Binder& binder, const syntax::SummarizeOperator& node, const OperatorSite& site) {
  Grouping grouping(binder, site.input, site.rows());
  for (const syntax::Expr& key : node.keys) {
    if (Status added = grouping.add_key(key); !added.ok()) WARDIAN_TRY(grouping.missing(key, std::move(added).error()));
  }
  for (const syntax::Expr& aggregate : node.aggregates) {
    Status added = grouping.add_aggregate(aggregate);
    if (!added.ok()) WARDIAN_TRY(grouping.missing(aggregate, std::move(added).error()));
  }
  return grouping.finish();
}

}  // namespace wardian::kql

#include "wardian/kql/bind_name.h"
#include "wardian/kql/binder.h"
#include "wardian/kql/functions/value_forms.h"

// Functions with several results: (rsquare, slope) = series_fit_line(y). The call's value is one text that holds all of
// them; project, extend, print and their like make a column of each.
namespace wardian::kql {
namespace {

sql::ExprPtr taken(const CallSite& site) {
  const char* function = site.result == Type::real    ? "wardian_result_real"
                         : site.result == Type::int64 ? "wardian_result_long"
                                                      : "wardian_result_json";
  return sql::call(function, {site.arguments[0], site.arguments[1]});
}

/// a_sorted, b_sorted, ... of the arrays that are sorted together; a bool at the end is none of them.
columnar::Schema sorted_arrays(const plan::Call& call, const syntax::Call& written) {
  const std::size_t given = call.arguments.size();
  const std::size_t arrays = given > 1 && call.arguments.back()->type == Type::boolean ? given - 1 : given;
  const bool as_written = written.arguments.size() == given;  // else `*` stands for columns
  columnar::Schema made;
  for (std::size_t at = 0; at < arrays; ++at) {
    const auto name = as_written ? derived_name(written.arguments[at]) : std::nullopt;
    made.push_back({name.value_or("array" + std::to_string(at)) + "_sorted", Type::dynamic});
  }
  return made;
}

}  // namespace

const columnar::Schema* results_of(const plan::Expr& expr) {
  const auto* call = std::get_if<plan::Call>(&expr.node);
  return call == nullptr ? nullptr : call->results.get();
}

ExprPtr with_named_results(ExprPtr call, const syntax::Call& written) {
  const auto* held = std::get_if<plan::Call>(&call->node);
  if (held == nullptr) return call;
  columnar::Schema named;
  if (held->results != nullptr) {
    named = *held->results;
    const std::string prefix = std::string(held->name) + "_" + derived_name(written.arguments.front()).value_or("") + "_";
    for (columnar::Column& column : named) column.name.insert(0, prefix);
  } else if (held->name == "array_sort_asc" || held->name == "array_sort_desc") {
    named = sorted_arrays(*held, written);
    if (named.size() < 2) return call;
  } else {
    return call;
  }
  plan::Call made = *held;
  made.results = std::make_shared<const columnar::Schema>(std::move(named));
  return plan::make_expr(std::move(made), call->type, call->span);
}

ExprPtr result_at(const ExprPtr& call, std::size_t at) {
  const columnar::Schema& results = *results_of(*call);
  ExprPtr place = constant_expr(Value{Type::int64, static_cast<std::int64_t>(at)}, call->span);
  return plan::make_expr(plan::Call{"result", {"", &taken}, {call, std::move(place)}}, results[at].type, call->span);
}

}  // namespace wardian::kql

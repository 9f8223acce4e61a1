#include "wardian/kql/bind_name.h"
#include "wardian/kql/binder.h"
#include "wardian/kql/functions/value_forms.h"

// Functions with several results: (rsquare, slope) = series_fit_line(y). The call's value is one text that holds all of
// them; project, extend, print and their like make a column of each. Elsewhere they are one dynamic array, which stands
// where any value may.
namespace wardian::kql {
namespace {

constexpr std::string_view kResult = "result", kResults = "results";

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
    const auto name = as_written ? name_within(written.arguments[at]) : std::nullopt;
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
    const std::string prefix = std::string(held->name) + "_" + name_within(written.arguments.front()).value_or("") + "_";
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

Result<ExprPtr> results_as_array(Binder& binder, const ExprPtr& call) {
  std::vector<ExprPtr> each;
  for (std::size_t at = 0; at < results_of(*call)->size(); ++at) each.push_back(result_at(call, at));
  WARDIAN_ASSIGN(const ExprPtr packed, binder.built_in("pack_array", std::move(each), call->span));
  plan::Call made = std::get<plan::Call>(packed->node);
  made.name = kResults;
  return plan::make_expr(std::move(made), Type::dynamic, call->span);
}

bool is_results(const plan::Expr& expr) {
  const auto* call = std::get_if<plan::Call>(&expr.node);
  return call != nullptr && call->name == kResults;
}

ExprPtr result_at(const ExprPtr& call, std::size_t at) {
  const columnar::Schema& results = *results_of(*call);
  ExprPtr place = constant_expr(Value{Type::int64, static_cast<std::int64_t>(at)}, call->span);
  return plan::make_expr(plan::Call{kResult, {"", &taken}, {call, std::move(place)}}, results[at].type, call->span);
}

std::optional<std::string> name_of_result(const plan::Expr& expr) {
  const auto* call = std::get_if<plan::Call>(&expr.node);
  if (call == nullptr || call->name != kResult) return std::nullopt;
  const auto& place = std::get<plan::Constant>(call->arguments[1]->node).value;
  return (*results_of(*call->arguments[0]))[static_cast<std::size_t>(std::get<std::int64_t>(place.held))].name;
}

}  // namespace wardian::kql

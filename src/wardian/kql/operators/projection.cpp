#include "wardian/kql/operators/projection.h"

#include <algorithm>

#include "wardian/base/overloaded.h"

namespace wardian::kql {
namespace {

/// Window calls inside the arguments of `expr`'s outermost window calls move to `below`; what is left refers to them as
/// columns that follow the `width` columns of the input.
ExprPtr without_inner_windows(const ExprPtr& expr, bool inside, std::size_t width, std::vector<plan::NamedExpr>& below) {
  const auto each = [&](std::vector<ExprPtr> arguments, bool within) {
    for (ExprPtr& argument : arguments) argument = without_inner_windows(argument, within, width, below);
    return arguments;
  };
  return std::visit(overloaded{[&](const plan::Call& call) -> ExprPtr {
                                 if (!has_window_call(*expr)) return expr;
                                 plan::Call made = call;
                                 made.arguments = each(std::move(made.arguments), inside);
                                 return plan::make_expr(std::move(made), expr->type, expr->span);
                               },
                               [&](const plan::WindowCall& call) -> ExprPtr {
                                 if (inside) {
                                   const auto index = static_cast<std::uint32_t>(width + below.size());
                                   below.push_back({"window_" + std::to_string(below.size()), expr});
                                   return plan::make_expr(plan::ColumnRef{0, index}, expr->type, expr->span);
                                 }
                                 plan::WindowCall made = call;
                                 made.arguments = each(std::move(made.arguments), true);
                                 return plan::make_expr(std::move(made), expr->type, expr->span);
                               },
                               [&](const auto&) -> ExprPtr { return expr; }},
                    expr->node);
}

}  // namespace

ExprPtr input_column(const columnar::Schema& schema, std::size_t index, SourceSpan span) {
  return plan::make_expr(plan::ColumnRef{0, static_cast<std::uint32_t>(index)}, schema[index].type, span);
}

std::vector<plan::NamedExpr> all_columns(const plan::Node& input) {
  std::vector<plan::NamedExpr> made;
  for (std::size_t at = 0; at < input.schema.size(); ++at) {
    made.push_back({input.schema[at].name, input_column(input.schema, at)});
  }
  return made;
}

NodePtr project(NodePtr input, std::vector<plan::NamedExpr> columns) {
  std::vector<plan::NamedExpr> below;
  for (plan::NamedExpr& column : columns) {
    column.expr = without_inner_windows(column.expr, false, input->schema.size(), below);
  }
  if (!below.empty()) {
    std::vector<plan::NamedExpr> all = all_columns(*input);
    all.insert(all.end(), std::make_move_iterator(below.begin()), std::make_move_iterator(below.end()));
    input = project(std::move(input), std::move(all));
  }
  columnar::Schema schema;
  for (const plan::NamedExpr& column : columns) schema.push_back({column.name, column.expr->type});
  const bool serialized = input->serialized;
  return plan::make_node(plan::Project{std::move(input), std::move(columns)}, std::move(schema), serialized);
}

NodePtr with_windows_computed(NodePtr input, std::span<ExprPtr* const> exprs) {
  std::vector<plan::NamedExpr> below;
  for (ExprPtr* const expr : exprs) *expr = without_inner_windows(*expr, true, input->schema.size(), below);
  if (below.empty()) return input;
  std::vector<plan::NamedExpr> all = all_columns(*input);
  all.insert(all.end(), std::make_move_iterator(below.begin()), std::make_move_iterator(below.end()));
  return project(std::move(input), std::move(all));
}

Result<Entry> bind_entry(Binder& binder, const syntax::Expr& expr, const Environment& env) {
  Entry made;
  made.named = std::get_if<syntax::Named>(&expr.node);
  made.value = made.named != nullptr ? made.named->value.get() : &expr;
  const std::size_t names = made.named == nullptr ? 0 : made.named->names.size();
  Result<ExprPtr> read = binder.scalar_or_several(*made.value, env);
  if (!read.ok()) {
    WARDIAN_TRY(binder.note(std::move(read).error()));
    for (std::size_t at = 0; at < names; ++at)
      made.columns.push_back({made.named->names[at].text, missing_expr(made.value->span)});
    if (names > 0) return made;
    made.wrong_name = std::holds_alternative<syntax::Name>(made.value->node);
    made.columns.push_back({"", made.wrong_name ? missing_expr(made.value->span) : missing_columns(made.value->span)});
    return made;
  }
  WARDIAN_ASSIGN(ExprPtr bound, std::move(read));
  const columnar::Schema* results = results_of(*bound);
  if (results == nullptr) {
    if (names > 1) {
      return error_at(ErrorCode::wrong_context, "The value has one result, not several", made.named->names.front().span);
    }
    auto own = names == 0 ? name_of_result(*bound) : std::nullopt;  // f(x)[1] of a function with several
    made.several = own.has_value();
    made.columns.push_back({names == 1 ? made.named->names.front().text : std::move(own).value_or(""), std::move(bound)});
    return made;
  }
  if (names > results->size()) {
    return one_name_too_many(*results, made.named->names[results->size()].span);
  }
  made.several = true;
  for (std::size_t at = 0; at < results->size(); ++at) {
    made.columns.push_back({at < names ? made.named->names[at].text : (*results)[at].name, result_at(bound, at)});
  }
  return made;
}

void add_names_of(std::vector<plan::NamedExpr>& columns, const columnar::Schema& input) {
  for (const columnar::Column& column : input) {
    if (std::ranges::find(columns, column.name, &plan::NamedExpr::name) == columns.end()) {
      columns.push_back({column.name, missing_expr(SourceSpan{})});
    }
  }
}

std::optional<std::string> derived_name_of(const Entry& entry, std::size_t at) {
  return entry.several ? entry.columns[at].name : derived_name(*entry.value);
}

Error no_column_fits(std::string_view pattern, SourceSpan span) {
  return error_at(ErrorCode::unknown_name, "No column has a name that fits: " + std::string(pattern), span);
}

Error dynamic_as_key(SourceSpan span) {
  return error_at(ErrorCode::type_mismatch, "Dynamic values cannot be told apart", span, "Convert it: tostring(…), tolong(…)");
}

Result<std::vector<std::size_t>> columns_named(Binder& binder, const std::vector<syntax::Expr>& names,
                                               const columnar::Schema& schema, const Environment& env) {
  std::vector<std::size_t> made;
  const auto add = [&](std::size_t at) {
    if (std::find(made.begin(), made.end(), at) == made.end()) made.push_back(at);
  };
  Environment over = env;
  over.columns = &schema;
  over.scope = nullptr;
  for (const syntax::Expr& each : names) {
    if (const auto* name = std::get_if<syntax::Name>(&each.node)) {
      const auto at = columnar::find_column(schema, name->text);
      if (at) {
        add(*at);
      } else {
        WARDIAN_TRY(binder.note(unknown_name(name->text, each.span, over)));
      }
    } else if (const auto* pattern = std::get_if<syntax::WildcardName>(&each.node)) {
      bool some = false;
      for (std::size_t at = 0; at < schema.size(); ++at) {
        if (!name_matches(schema[at].name, pattern->pattern)) continue;
        some = true;
        add(at);
      }
      if (!some && !is_open(schema)) WARDIAN_TRY(binder.note(no_column_fits(pattern->pattern, each.span)));
    } else if (std::holds_alternative<syntax::Star>(each.node)) {
      for (std::size_t at = 0; at < schema.size(); ++at) add(at);
    } else {
      return error_at(ErrorCode::wrong_context, "The name of a column is needed here", each.span);
    }
  }
  return made;
}

}  // namespace wardian::kql

#include "wardian/kql/binder.h"
#include "wardian/kql/constant_json.h"
#include "wardian/kql/operator_table.h"
#include "wardian/kql/overload.h"

namespace wardian::kql {
namespace {

using syntax::InOp;

ExprPtr membership(std::string_view op, std::vector<ExprPtr> arguments, SourceSpan span) {
  for (const KqlOperator& row : membership_operators()) {
    if (row.op == op) return plan::make_expr(plan::Call{row.op, row.lowering, std::move(arguments)}, Type::boolean, span);
  }
  return nullptr;
}

/// A dynamic array that is known stands for its elements, and those for theirs.
void flatten(const ExprPtr& candidate, std::vector<ExprPtr>& into) {
  if (const auto* constant = std::get_if<plan::Constant>(&candidate->node);
      constant != nullptr && candidate->type == Type::dynamic) {
    if (const auto* json = std::get_if<std::string>(&constant->value.held)) {
      if (auto elements = array_elements(*json)) {
        for (Value& element : *elements) flatten(constant_expr(std::move(element), candidate->span), into);
        return;
      }
    }
  }
  into.push_back(candidate);
}

/// The elements of a known array that a value of that type can be equal to: a datetime, timespan or guid stands there as
/// text, and what is of another kind is never equal.
std::vector<ExprPtr> comparable(std::vector<ExprPtr> elements, Type type) {
  std::vector<ExprPtr> made;
  for (ExprPtr& element : elements) {
    const bool as_text = type == Type::datetime || type == Type::timespan || type == Type::guid;
    if (as_text && element->type == Type::string) element = cast(std::move(element), type);
    if (common_type(type, element->type)) made.push_back(std::move(element));
  }
  return made;
}

/// value op c1 or value op c2 or …, as a balanced tree; `and` when all are asked for.
Result<ExprPtr> chain(Binder& binder, std::string_view op, std::string_view joined_by, const ExprPtr& value,
                      std::span<const ExprPtr> candidates, SourceSpan span) {
  if (candidates.size() == 1) return binder.binary(op, value, candidates[0], span, span);
  const std::size_t half = candidates.size() / 2;
  WARDIAN_ASSIGN(ExprPtr left, chain(binder, op, joined_by, value, candidates.first(half), span));
  WARDIAN_ASSIGN(ExprPtr right, chain(binder, op, joined_by, value, candidates.subspan(half), span));
  return binder.binary(joined_by, std::move(left), std::move(right), span, span);
}

/// The distinct values of a table's first column as an array.
Result<ExprPtr> array_of_first_column(Binder& binder, NodePtr table, SourceSpan span) {
  const Type type = table->schema.front().type;
  syntax::Call collect;
  collect.function = {"make_set", span, false};
  collect.span = span;
  WARDIAN_ASSIGN(ExprPtr made, binder.aggregate(collect, {plan::make_expr(plan::ColumnRef{0, 0}, type, span)}));
  columnar::Schema schema{{"texts", Type::dynamic}};
  std::vector<plan::NamedExpr> aggregates;
  aggregates.push_back({"texts", std::move(made)});
  NodePtr collected = plan::make_node(plan::Aggregate{std::move(table), {}, std::move(aggregates)}, std::move(schema));
  return plan::make_expr(plan::ScalarSubquery{std::move(collected)}, Type::dynamic, span);
}

/// has_any and has_all over an array that only the run knows.
Result<ExprPtr> has_terms(Binder& binder, InOp op, ExprPtr value, ExprPtr texts, SourceSpan value_span, SourceSpan span) {
  if (value->type != Type::string && value->type != Type::dynamic) {
    return error_at(ErrorCode::type_mismatch, "A string is needed here, not " + std::string(columnar::type_name(value->type)),
                    value_span);
  }
  WARDIAN_ASSIGN(ExprPtr text, binder.built_in("tostring", {std::move(value)}, value_span));
  const char* kernel = op == InOp::has_any ? "wardian_has_any" : "wardian_has_all";
  std::vector<ExprPtr> arguments{std::move(text), std::move(texts)};
  return plan::make_expr(plan::Call{op == InOp::has_any ? "has_any" : "has_all", {kernel, nullptr}, std::move(arguments)},
                         Type::boolean, span);
}

}  // namespace

Result<ExprPtr> Binder::in(const syntax::In& in, SourceSpan span, const Environment& env) {
  WARDIAN_ASSIGN(ExprPtr value, scalar_or_missing(*in.value, env));
  bool mistaken = is_missing(value->type);
  const bool negated = in.op == InOp::not_in || in.op == InOp::not_in_ignoring_case;
  const bool any_case = in.op == InOp::in_ignoring_case || in.op == InOp::not_in_ignoring_case;
  const auto answer = [&](ExprPtr found) -> Result<ExprPtr> {
    if (!negated) return found;
    return built_in("not", {std::move(found)}, span);
  };
  if (any_case && !mistaken) {
    value = convert(std::move(value), Type::string);
    if (!value) return error_at(ErrorCode::type_mismatch, "in~ compares strings", in.value->span);
  }

  const bool by_terms = in.op == InOp::has_any || in.op == InOp::has_all;
  std::vector<ExprPtr> candidates;
  for (const syntax::Expr& each : in.candidates) {
    Result<Bound> looked_at = any(each, env);
    if (!looked_at.ok()) {
      WARDIAN_TRY(note(std::move(looked_at).error()));
      mistaken = true;
    }
    if (mistaken) continue;
    WARDIAN_ASSIGN(Bound bound, std::move(looked_at));
    if (auto* made = std::get_if<ExprPtr>(&bound); made != nullptr && results_of(**made) != nullptr) {
      WARDIAN_ASSIGN(*made, results_as_array(*this, *made));
    }
    if (NodePtr* table = std::get_if<NodePtr>(&bound)) {
      if (in.candidates.size() > 1) return scalar_expected(each.span);
      if ((*table)->schema.empty()) return table_expected(each.span);
      const Type held = (*table)->schema.front().type;
      if (is_missing(held)) return told();
      if (by_terms) {
        WARDIAN_ASSIGN(ExprPtr texts, array_of_first_column(*this, std::move(*table), each.span));
        return has_terms(*this, in.op, std::move(value), std::move(texts), in.value->span, span);
      }
      const auto common = common_type(value->type, held);
      if (!common || (*common != held && held != Type::dynamic)) {
        // Types that meet only in a wider one: the table's column is the one to keep, the value is converted.
        if (!converts_implicitly(value->type, held) && !converts_implicitly(held, value->type)) {
          return error_at(ErrorCode::type_mismatch,
                          "Cannot look for " + std::string(columnar::type_name(value->type)) + " among " +
                              std::string(columnar::type_name(held)),
                          each.span);
        }
      } else {
        value = convert(std::move(value), *common);
      }
      plan::InSubquery membership{std::move(value), std::move(*table), any_case};
      if (membership.reads_nulls() && !std::holds_alternative<plan::Scan>(membership.table->node)) {
        columnar::Schema schema = membership.table->schema;  // read twice, so it had better be computed once
        plan::Shared shared{std::move(membership.table), "members", next_shared_id()};
        membership.table = plan::make_node(std::move(shared), std::move(schema));
      }
      return answer(plan::make_expr(std::move(membership), Type::boolean, span));
    }
    if (std::holds_alternative<GraphPtr>(bound)) return graph_unexpected(each.span);
    ExprPtr& candidate = std::get<ExprPtr>(bound);
    if (by_terms || any_case || candidate->type != Type::dynamic) {
      flatten(candidate, candidates);
      continue;
    }
    std::vector<ExprPtr> elements;
    flatten(candidate, elements);
    for (ExprPtr& element : comparable(std::move(elements), value->type)) candidates.push_back(std::move(element));
  }

  if (mistaken) return told();
  if (by_terms) {
    for (ExprPtr& candidate : candidates) {
      if (candidate->type == Type::dynamic && is_constant(*candidate)) {  // an array that the run knows
        WARDIAN_ASSIGN(Value array, constant(candidate, candidate->span));
        candidate = constant_expr(std::move(array), candidate->span);
      }
    }
    if (candidates.size() == 1 && candidates[0]->type == Type::dynamic && !is_constant(*candidates[0])) {
      return has_terms(*this, in.op, std::move(value), candidates[0], in.value->span, span);
    }
    std::vector<ExprPtr> terms;
    for (const ExprPtr& candidate : candidates) flatten(candidate, terms);
    if (terms.empty()) return constant_expr(Value{Type::boolean, in.op == InOp::has_all}, span);
    return chain(*this, "has", in.op == InOp::has_any ? "or" : "and", value, terms, span);
  }

  if (candidates.size() == 1 && candidates[0]->type == Type::dynamic &&
      !std::holds_alternative<plan::Constant>(candidates[0]->node)) {
    if (value->type == Type::dynamic) {
      value = convert(std::move(value), Type::string);
    }
    if (value->type == Type::datetime || value->type == Type::timespan) {
      value = cast(std::move(value), Type::string);
    }
    return answer(membership(any_case ? "in~ array" : "in array", {std::move(value), candidates[0]}, span));
  }
  if (candidates.empty()) return answer(constant_expr(Value{Type::boolean, false}, span));

  // One list when one type holds them all, else one comparison after the other.
  std::optional<Type> common = value->type;
  for (const ExprPtr& candidate : candidates) {
    const auto* constant = std::get_if<plan::Constant>(&candidate->node);
    if (constant != nullptr && constant->value.is_null()) continue;
    if (common) common = common_type(*common, candidate->type);
  }
  if (any_case) common = Type::string;
  if (!common || value->type == Type::dynamic) {
    WARDIAN_ASSIGN(ExprPtr found, chain(*this, "==", "or", value, candidates, span));
    return answer(std::move(found));
  }
  std::vector<ExprPtr> arguments;
  ExprPtr first = convert(std::move(value), *common);
  arguments.push_back(std::move(first));
  bool holds_null = false;
  for (ExprPtr& candidate : candidates) {
    const auto* constant = std::get_if<plan::Constant>(&candidate->node);
    if (constant != nullptr && constant->value.is_null()) {
      // Of nulls one is enough: it tells that a null value is not simply absent.
      if (!holds_null) arguments.push_back(constant_expr(columnar::null_of(*common), candidate->span));
      holds_null = true;
      continue;
    }
    const SourceSpan place = candidate->span;
    ExprPtr converted = convert(std::move(candidate), *common);
    if (!converted) return error_at(ErrorCode::type_mismatch, "A string is needed here", place);
    arguments.push_back(std::move(converted));
  }
  return answer(membership(any_case ? "in~" : "in", std::move(arguments), span));
}

}  // namespace wardian::kql

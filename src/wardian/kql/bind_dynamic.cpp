#include "wardian/kql/bind_dynamic.h"

#include "wardian/kql/functions/value_forms.h"

namespace wardian::kql {
namespace {

/// split(text, delimiter)[2] is what people cut texts with: the one part is taken without an array of all.
sql::ExprPtr element(const plan::CallSite& site) {
  const auto* source = std::get_if<sql::Call>(&site.arguments[0]->node);
  if (source == nullptr || source->function != "wardian_split") {
    return sql::call("wardian_dynamic_element", {site.arguments.begin(), site.arguments.end()});
  }
  std::vector<sql::ExprPtr> arguments = source->arguments;
  arguments.push_back(site.arguments[1]);
  return sql::call("wardian_split_element", std::move(arguments));
}

// A part that holds JSON null counts as missing, so that null is one thing in the whole engine.
constexpr plan::Lowering kMember{"wardian_dynamic_member", nullptr};
constexpr plan::Lowering kElement{"", &element};
constexpr plan::Lowering kEither{"wardian_dynamic_at", nullptr};

ExprPtr part(std::string_view name, plan::Lowering lowering, ExprPtr source, ExprPtr index, SourceSpan span) {
  return plan::make_expr(plan::Call{name, lowering, {std::move(source), std::move(index)}}, Type::dynamic, span);
}

}  // namespace

ExprPtr dynamic_member(ExprPtr source, std::string_view name, SourceSpan span) {
  return part("member", kMember, std::move(source), constant_expr(Value{Type::string, std::string(name)}, span), span);
}

ExprPtr dynamic_element(ExprPtr source, ExprPtr index, SourceSpan span) {
  switch (index->type) {
    case Type::string: return part("member", kMember, std::move(source), std::move(index), span);
    case Type::dynamic: return part("element", kEither, std::move(source), std::move(index), span);
    case Type::int32:
    case Type::int64: return part("element", kElement, std::move(source), cast(std::move(index), Type::int64), span);
    default: return part("member", kMember, std::move(source), cast(std::move(index), Type::string), span);
  }
}

}  // namespace wardian::kql

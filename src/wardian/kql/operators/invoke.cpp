#include "wardian/kql/operators/operators.h"

namespace wardian::kql {

OperatorResult bind_operator(Binder& binder, const syntax::InvokeOperator& node, const OperatorSite& site) {
  const syntax::Call* call = std::get_if<syntax::Call>(&node.function.node);
  std::string database;
  if (const auto* member = std::get_if<syntax::MemberCall>(&node.function.node)) {
    call = &member->call;
    const auto* source = std::get_if<syntax::Call>(&member->source->node);
    if (source == nullptr || source->function.text != "database" || source->arguments.empty()) {
      return not_supported("invoke of a function elsewhere", node.function.span);
    }
    WARDIAN_ASSIGN(database, binder.constant_string(source->arguments.front(), site.env));
  }
  if (call == nullptr) return error_at(ErrorCode::wrong_context, "invoke takes a function", node.function.span);
  const std::string& name = call->function.text;
  UserFunctionPtr function;
  if (const Meaning* meaning = site.env.scope && database.empty() ? site.env.scope->find(name) : nullptr) {
    if (const auto* user = std::get_if<UserFunctionPtr>(meaning)) function = *user;
  }
  if (!function && binder.context().tables != nullptr) {
    WARDIAN_ASSIGN(auto stored, binder.context().tables->function(database, name));
    if (stored) {
      WARDIAN_ASSIGN(function, binder.stored_function(name, *stored, call->function.span));
    }
  }
  if (!function) {
    return error_at(ErrorCode::unknown_function, "Unknown function: " + name, call->function.span,
                    "invoke calls functions that take a table");
  }
  // The arguments see no rows: the table as a whole is the first of them.
  WARDIAN_ASSIGN(Bound made, binder.invoke(function, call->arguments, site.input, call->function.span, site.env.without_rows()));
  if (auto* table = std::get_if<NodePtr>(&made)) return std::move(*table);
  return table_expected(call->function.span);
}

}  // namespace wardian::kql

#include "wardian/base/similar_name.h"
#include "wardian/kql/operators/operators.h"

namespace wardian::kql {
namespace {

/// `pattern` with `*` for any text.
bool matches(std::string_view name, std::string_view pattern) {
  std::size_t at = 0, star = std::string_view::npos, retry = 0, in = 0;
  while (at < name.size()) {
    if (in < pattern.size() && pattern[in] == '*') {
      star = in++;
      retry = at;
    } else if (in < pattern.size() && pattern[in] == name[at]) {
      ++in;
      ++at;
    } else if (star != std::string_view::npos) {
      in = star + 1;
      at = ++retry;
    } else {
      return false;
    }
  }
  while (in < pattern.size() && pattern[in] == '*') ++in;
  return in == pattern.size();
}

}  // namespace

bool name_matches(std::string_view name, std::string_view pattern) { return matches(name, pattern); }

Result<NodePtr> Binder::pipe(const syntax::Pipe& pipe, const Environment& env) {
  Environment local = env.without_rows();
  NodePtr made = env.piped;
  if (pipe.source != nullptr) {
    WARDIAN_ASSIGN(made, table(*pipe.source, local));
  } else if (made == nullptr) {
    return error_at(ErrorCode::wrong_context, "Nothing is piped in here",
                    pipe.operators.empty() ? SourceSpan{} : pipe.operators.front().span);
  }
  local.piped = nullptr;
  for (const syntax::Operator& operation : pipe.operators) {
    WARDIAN_ASSIGN(made, apply(operation, std::move(made), local));
    if (made->extent.too_large()) return too_large(made->extent, operation.span);
  }
  return made;
}

Result<NodePtr> Binder::apply(const syntax::Operator& operation, NodePtr input, Environment& env) {
  const OperatorSite site{std::move(input), env, operation.span, operation.keyword};
  return std::visit(
      [&](const auto& node) -> Result<NodePtr> {
        if constexpr (requires { bind_operator(*this, node, site); }) {
          return bind_operator(*this, node, site);
        } else {
          return not_supported("operator " + std::string(syntax::operator_name(operation)), operation.keyword);
        }
      },
      operation.node);
}

Result<NodePtr> Binder::table_named(std::string_view database, const std::string& name, SourceSpan span, const Environment& env) {
  if (database.empty() && env.scope) {
    if (const Meaning* meaning = env.scope->find(name)) {
      if (const auto* table = std::get_if<NodePtr>(meaning)) return *table;
      WARDIAN_ASSIGN(Bound made, meant(*meaning, span, env));
      if (auto* table = std::get_if<NodePtr>(&made)) return std::move(*table);
      return table_expected(span);
    }
  }
  std::vector<std::string> names;
  if (Tables* tables = context_.tables) {
    WARDIAN_ASSIGN(auto stored, tables->find(database, name));
    if (stored) return std::move(*stored);
    WARDIAN_ASSIGN(auto function, tables->function(database, name));
    if (function) {
      WARDIAN_ASSIGN(const UserFunctionPtr user, stored_function(name, *function, span));
      WARDIAN_ASSIGN(Bound made, invoke(user, {}, std::nullopt, span, env));
      if (auto* table = std::get_if<NodePtr>(&made)) return std::move(*table);
      return table_expected(span);
    }
    names = tables->table_names(database);
  }
  if (database.empty() && env.scope) {
    env.scope->for_each([&](std::string_view visible, const Meaning& meaning) {
      if (!std::holds_alternative<ScalarVariable>(meaning)) names.emplace_back(visible);
    });
  }
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  return error_at(ErrorCode::unknown_table, "Unknown table: " + name, span, did_you_mean(name, candidates));
}

Result<std::vector<std::pair<std::string, NodePtr>>> Binder::tables_like(std::string_view pattern, const Environment& env) {
  std::vector<std::pair<std::string, NodePtr>> made;
  std::vector<UserFunctionPtr> views;
  if (env.scope) {
    env.scope->for_each([&](std::string_view name, const Meaning& meaning) {
      if (!matches(name, pattern)) return;
      if (const auto* table = std::get_if<NodePtr>(&meaning)) made.emplace_back(name, *table);
      if (const auto* function = std::get_if<UserFunctionPtr>(&meaning); function && (*function)->declaration->view) {
        views.push_back(*function);
      }
    });
  }
  for (const UserFunctionPtr& view : views) {
    WARDIAN_ASSIGN(Bound table, invoke(view, {}, std::nullopt, SourceSpan{}, env));
    if (auto* node = std::get_if<NodePtr>(&table)) made.emplace_back(view->name, std::move(*node));
  }
  if (context_.tables != nullptr) {
    for (const std::string& name : context_.tables->table_names({})) {
      if (!matches(name, pattern)) continue;
      WARDIAN_ASSIGN(auto table, context_.tables->find({}, name));
      if (table) made.emplace_back(name, std::move(*table));
    }
  }
  return made;
}

}  // namespace wardian::kql

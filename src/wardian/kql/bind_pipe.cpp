#include "wardian/base/similar_name.h"
#include "wardian/kql/graph/graph_operators.h"
#include "wardian/kql/operators/operator_hints.h"
#include "wardian/kql/operators/operators.h"

namespace wardian::kql {
namespace {

constexpr std::size_t kColumnsMax = 50'000;  // joins of a table with itself double them

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
  WARDIAN_ASSIGN(Bound made, pipe_any(pipe, env));
  if (auto* table = std::get_if<NodePtr>(&made)) return std::move(*table);
  return graph_unexpected(pipe.operators.back().keyword);
}

Result<Bound> Binder::pipe_any(const syntax::Pipe& pipe, const Environment& env) {
  Environment local = env.without_rows();
  Bound made = env.piped;
  if (env.piped_graph != nullptr) made = env.piped_graph;
  if (pipe.source != nullptr) {
    WARDIAN_ASSIGN(made, table_or_graph(*pipe.source, local));
  } else if (env.piped == nullptr && env.piped_graph == nullptr) {
    return error_at(ErrorCode::wrong_context, "Nothing is piped in here",
                    pipe.operators.empty() ? SourceSpan{} : pipe.operators.front().span);
  }
  local.piped = nullptr;
  local.piped_graph = nullptr;
  for (const syntax::Operator& operation : pipe.operators) {
    const Bound input = made;
    Result<Bound> applied = apply_any(operation, std::move(made), local);
    if (!applied.ok()) applied = after_mistake(operation, input, std::move(applied).error());
    WARDIAN_ASSIGN(made, std::move(applied));
    const plan::Extent& extent = std::visit([](const auto& held) -> const plan::Extent& { return held->extent; }, made);
    if (extent.too_large()) return too_large(extent, operation.span);
    const auto* table = std::get_if<NodePtr>(&made);
    if (table != nullptr && (*table)->schema.size() > kColumnsMax) {
      return error_at(ErrorCode::too_deep, "The table has more than " + std::to_string(kColumnsMax) + " columns", operation.span,
                      "Keep those that are needed with project");
    }
  }
  return made;
}

Result<NodePtr> Binder::apply(const syntax::Operator& operation, NodePtr input, Environment& env) {
  WARDIAN_ASSIGN(Bound made, apply_any(operation, Bound(std::move(input)), env));
  if (auto* table = std::get_if<NodePtr>(&made)) return std::move(*table);
  return graph_unexpected(operation.keyword);
}

Result<Bound> Binder::apply_any(const syntax::Operator& operation, Bound input, Environment& env) {
  const auto named = [&] { return std::string(syntax::operator_name(operation)); };
  if (std::holds_alternative<syntax::Unreadable>(operation.node)) return told();
  if (auto* graph = std::get_if<GraphPtr>(&input)) {
    const GraphSite site{std::move(*graph), env, operation.span, operation.keyword};
    return std::visit(
        [&](const auto& node) -> Result<Bound> {
          if constexpr (requires { bind_operator(*this, node, site); }) {
            return bind_operator(*this, node, site);
          } else {
            return error_at(ErrorCode::wrong_context, named() + " takes a table, not a graph", operation.keyword,
                            "graph-match … project gives rows of a graph, graph-to-table its nodes or edges");
          }
        },
        operation.node);
  }
  const OperatorSite site{std::get<NodePtr>(std::move(input)), env, operation.span, operation.keyword};
  return std::visit(
      [&]<class Node>(const Node& node) -> Result<Bound> {
        // Those of evaluate are told by itself, as one of them is ours.
        if constexpr (requires { node.parameters; } && !std::is_same_v<Node, syntax::EvaluateOperator>) {
          WARDIAN_TRY(check_hints(named(), node.parameters));
        }
        if constexpr (requires { bind_operator(*this, node, site); }) {
          WARDIAN_ASSIGN(auto made, bind_operator(*this, node, site));
          return Bound(std::move(made));
        } else if constexpr (requires(const GraphSite& graph) { bind_operator(*this, node, graph); }) {
          return error_at(ErrorCode::wrong_context, named() + " takes a graph, not a table", operation.keyword,
                          "make-graph source --> target makes a graph of a table of edges");
        } else {
          return not_supported("operator " + named(), operation.keyword);
        }
      },
      operation.node);
}

Result<NodePtr> Binder::table_named(std::string_view database, const std::string& name, SourceSpan span, const Environment& env) {
  if (database.empty() && env.scope) {
    if (const Meaning* meaning = env.scope->find(name)) {
      if (const auto* table = std::get_if<NodePtr>(meaning)) return *table;
      if (std::holds_alternative<GraphPtr>(*meaning)) return graph_unexpected(span);
      WARDIAN_ASSIGN(Bound made, meant(*meaning, span, env));
      if (auto* table = std::get_if<NodePtr>(&made)) return std::move(*table);
      const auto* value = std::get_if<ExprPtr>(&made);
      return value != nullptr && is_missing((*value)->type) ? told() : table_expected(span);
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
  if (env.scope && env.scope->is_unreadable()) return told();
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

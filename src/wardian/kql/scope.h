#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wardian/kql/graph.h"
#include "wardian/kql/syntax/tree.h"
#include "wardian/plan/node.h"

namespace wardian::kql {

class Tables;
class Scope;
using ScopePtr = std::shared_ptr<const Scope>;

/// A function of the query's own (`let f = (…) { … }`) or of the catalogue. Its body sees the names of the place where
/// it was declared, not of the place where it is called.
struct UserFunction {
  std::string name;
  const syntax::FunctionDeclaration* declaration = nullptr;
  std::shared_ptr<const syntax::FunctionDeclaration> owned;  // set for a stored function, whose tree nobody else keeps
  ScopePtr declared_in;
  Tables* tables = nullptr;  // stored tables that its body may name: those of before a `restrict access`
};
using UserFunctionPtr = std::shared_ptr<const UserFunction>;

/// `declare pattern`: tables by constant texts. Without matches it is known by its name alone.
struct Pattern {
  const syntax::DeclarePattern* declaration = nullptr;
  ScopePtr declared_in;
};
using PatternPtr = std::shared_ptr<const Pattern>;

/// entity_group [database("a"), database("b")], and one of its members as macro-expand names it: an expression that is
/// bound anew wherever the name stands.
struct EntityGroup {
  const syntax::Call* members = nullptr;
  ScopePtr declared_in;
};
struct Entity {
  const syntax::Expr* expression = nullptr;
  ScopePtr declared_in;
};

/// Which rows an expression's columns mean: one token each time a table's rows come into view, also of the same table.
using RowIdentity = std::shared_ptr<const char>;

/// A scalar variable: its value is written in wherever its name stands. An argument of a function may name columns of
/// the caller's rows; `row` says whose, so that it is refused where other rows are at hand.
struct ScalarVariable {
  plan::ExprPtr expr;
  RowIdentity row;  // null: no columns, good anywhere
};
using Meaning = std::variant<ScalarVariable, plan::NodePtr, UserFunctionPtr, PatternPtr, EntityGroup, Entity, GraphPtr>;

/// Names declared by let, parameters and `as`, innermost first. Immutable to those who look names up.
class Scope {
 public:
  explicit Scope(ScopePtr parent) : parent_(std::move(parent)) {}

  /// False when this very scope has the name already.
  bool declare(std::string name, Meaning meaning) { return names_.emplace(std::move(name), std::move(meaning)).second; }
  void redeclare(std::string name, Meaning meaning) { names_.insert_or_assign(std::move(name), std::move(meaning)); }

  const Meaning* find(std::string_view name) const {
    for (const Scope* scope = this; scope != nullptr; scope = scope->parent_.get()) {
      const auto at = scope->names_.find(name);
      if (at != scope->names_.end()) return &at->second;
    }
    return nullptr;
  }

  /// Says that there are names nobody knows: what declares them could not be read.
  void declare_unreadable() { unreadable_ = true; }
  bool is_unreadable() const { return unreadable_ || (parent_ != nullptr && parent_->is_unreadable()); }

  /// Every visible name with its meaning, the innermost of equal names only.
  void for_each(const std::function<void(std::string_view, const Meaning&)>& visit) const {
    std::map<std::string_view, const Meaning*> visible;
    for (const Scope* scope = this; scope != nullptr; scope = scope->parent_.get()) {
      for (const auto& [name, meaning] : scope->names_) visible.emplace(name, &meaning);
    }
    for (const auto& [name, meaning] : visible) visit(name, *meaning);
  }

  /// Says that `table` is a function's tabular parameter, of whose columns the body may name those alone. Nothing: it has
  /// declared none, as (*) does.
  void declare_columns(plan::NodePtr table, std::optional<std::set<std::string, std::less<>>> columns) {
    parameters_.push_back({std::move(table), std::move(columns)});
  }
  struct TabularParameter {
    plan::NodePtr table;
    std::optional<std::set<std::string, std::less<>>> columns;
  };
  /// The parameter that is exactly this node; null: none in sight.
  const TabularParameter* parameter(const plan::Node* table) const {
    for (const Scope* scope = this; scope != nullptr; scope = scope->parent_.get()) {
      for (const TabularParameter& each : scope->parameters_) {
        if (each.table.get() == table) return &each;
      }
    }
    return nullptr;
  }
  bool has_parameters() const { return !parameters_.empty() || (parent_ != nullptr && parent_->has_parameters()); }

 private:
  ScopePtr parent_;
  bool unreadable_ = false;
  std::vector<TabularParameter> parameters_;
  std::map<std::string, Meaning, std::less<>> names_;
};

}  // namespace wardian::kql

#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wardian/kql/syntax/tree_expression.h"
#include "wardian/kql/syntax/tree_operator.h"

namespace wardian::kql::syntax {

struct Statement;

/// name: type [= default], or name: (a: long, …) for a table.
struct FunctionParameter {
  Identifier name;
  std::variant<columnar::Type, Schema> type;
  ExprPtr default_value;  // a literal, possibly signed; null when the argument is required
};

/// { statements; expression }
struct FunctionBody {
  std::vector<Statement> statements;  // lets and the like
  ExprPtr result;                     // null when the body ends without an expression
  SourceSpan span;                    // braces included
};

struct FunctionDeclaration {
  bool view = false;
  std::vector<FunctionParameter> parameters;
  FunctionBody body;
};

struct LetStatement {
  Identifier name;
  std::variant<ExprPtr, FunctionDeclaration> value;
};
/// set name; set name = value;
struct SetStatement {
  Identifier name;
  ExprPtr value;  // a literal or a Name; null when absent
};
struct DeclareQueryParameters {
  std::vector<FunctionParameter> parameters;
};

/// declare pattern name = (arguments) [path] { ("a").["b"] = { body }; … }; without a definition only declared.
struct PatternMatch {
  std::vector<Expr> arguments;
  ExprPtr path;  // may be null
  FunctionBody body;
};
struct DeclarePattern {
  Identifier name;
  std::vector<FunctionParameter> parameters;
  std::optional<FunctionParameter> path;
  std::vector<PatternMatch> matches;
};
struct AliasDatabase {
  Identifier name;
  ExprPtr database;
};
struct RestrictAccess {
  std::vector<Expr> entities;
};
struct QueryStatement {
  Expr expression;
};

struct Statement {
  std::variant<LetStatement, SetStatement, DeclareQueryParameters, DeclarePattern, AliasDatabase, RestrictAccess, QueryStatement,
               Unreadable>
      node;
  SourceSpan span;
};

}  // namespace wardian::kql::syntax

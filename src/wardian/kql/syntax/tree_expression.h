#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wardian/base/source_span.h"
#include "wardian/columnar/type.h"
#include "wardian/columnar/value.h"

namespace wardian::kql::syntax {

// One kind of expression for scalars and tables: the grammar mixes them (parentheses, arguments, right sides of joins,
// let bodies), and only binding tells which is which.

struct Expr;
struct Operator;
using ExprPtr = std::unique_ptr<const Expr>;
using OperatorPtr = std::unique_ptr<const Operator>;

/// A name that stands for itself: the one of a new column, a parameter, a hint. `quoted` when written ['…'] or ["…"].
struct Identifier {
  std::string text;
  SourceSpan span;
  bool quoted = false;
};

/// A reference to a column, variable, table or function without arguments; also `$left`, `$right`, `$value`, ….
struct Name {
  std::string text;
  bool quoted = false;
};
/// `Start*`, `*_id`, `a*b*`, where the grammar has patterns (project-away, union, find, …).
struct WildcardName {
  std::string pattern;
};
/// `*` alone: all columns (arg_max, count, pack_all), any column (search, `* has "x"`).
struct Star {};
/// `{name}` that a client was to replace before sending.
struct ClientParameter {
  std::string name;
};

/// A value written out. A `dynamic(…)` is normalised JSON text in which nested datetime(…) and the like are strings.
struct Literal {
  columnar::Value value;
  bool hidden = false;  // h"…": not to be shown in logs
};

enum class UnaryOp : std::uint8_t { minus, plus };
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};

enum class BinaryOp : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  modulo,
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  equal_ignoring_case,
  not_equal_ignoring_case,  // =~ !~
  has,
  not_has,
  has_cs,
  not_has_cs,
  hasprefix,
  not_hasprefix,
  hasprefix_cs,
  not_hasprefix_cs,
  hassuffix,
  not_hassuffix,
  hassuffix_cs,
  not_hassuffix_cs,
  contains,
  not_contains,
  contains_cs,
  not_contains_cs,
  startswith,
  not_startswith,
  startswith_cs,
  not_startswith_cs,
  endswith,
  not_endswith,
  endswith_cs,
  not_endswith_cs,
  like,
  not_like,
  like_cs,
  not_like_cs,
  matches_regex,
  colon,  // `column: "term"` of search
};
/// The operator as a query spells it: "+", "!has_cs", "matches regex".
std::string_view spelling(BinaryOp op);

struct Binary {
  BinaryOp op;
  ExprPtr left, right;
  SourceSpan op_span;
};

/// `a and b and c`: one node however long the chain, so that chains of thousands stay shallow.
enum class LogicalOp : std::uint8_t { all_of, any_of };
struct Logical {
  LogicalOp op;
  std::vector<Expr> operands;  // two or more
};

/// value between (low .. high), both ends included.
struct Between {
  ExprPtr value, low, high;
  bool negated = false;
};

enum class InOp : std::uint8_t { in, not_in, in_ignoring_case, not_in_ignoring_case, has_any, has_all };
/// `x in (1, 2)`, and `x in (T | project a)`: a single candidate may be a table or a dynamic array; binding tells.
struct In {
  InOp op;
  ExprPtr value;
  std::vector<Expr> candidates;
};

/// A function with arguments; an argument given by name is a Named expression. `count()` and `materialize(T | …)` alike.
struct Call {
  Identifier function;
  std::vector<Expr> arguments;
  SourceSpan span;
};

/// source.name: a part of a dynamic value, a column of `$left`, a table of database("…").
struct Member {
  ExprPtr source;
  Identifier member;
};
/// source.name(arguments): cluster("c").database("d"), a function of another database.
struct MemberCall {
  ExprPtr source;
  Call call;
};
/// source[index]
struct Index {
  ExprPtr source, index;
};

/// `name = value`, or `(a, b) = value` for a value of several columns.
struct Named {
  std::vector<Identifier> names;
  ExprPtr value;
  bool parenthesised = false;  // (a) = value: names the columns of a multi-valued result
};

/// source | operator | operator. No source: the operators apply to what the surroundings give (mv-apply, fork, facet,
/// partition).
struct Pipe {
  ExprPtr source;  // may be null
  std::vector<Operator> operators;
};
/// An operator that begins a pipeline by itself: print, range, datatable, union, …
struct SourceOperator {
  OperatorPtr operation;
};

/// One entry of a schema: a column with its type, or `*` (the columns of the input).
struct SchemaColumn {
  bool star = false;
  Identifier name;  // empty text in typeof(long)
  columnar::Type type = columnar::Type::dynamic;
  SourceSpan type_span;
};
/// (a: long, b: string), (*, a: long). In parameters `(*)` is a table of any schema.
struct Schema {
  std::vector<SchemaColumn> columns;
  SourceSpan span;
};
/// typeof(*, y: real), typeof(string)
struct TypeOf {
  Schema schema;
};

/// What could not be read: the parser has told the mistake, and stands behind it again.
struct Unreadable {};

struct Expr {
  std::variant<Name, WildcardName, Star, ClientParameter, Literal, Unary, Binary, Logical, Between, In, Call, Member, MemberCall,
               Index, Named, Pipe, SourceOperator, TypeOf, Unreadable>
      node;
  SourceSpan span;
  std::uint16_t height = 1;    // of the tree below, this node included; at most kTreeHeightMax
  bool parenthesised = false;  // written in round brackets of its own, which `span` then excludes
};

}  // namespace wardian::kql::syntax

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace wardian::sqltree {

struct Expr;
struct Query;
using ExprPtr = std::shared_ptr<const Expr>;  // shared: a rewrite may use an argument twice
using QueryPtr = std::shared_ptr<const Query>;

enum class Nulls : std::uint8_t { first, last };
struct OrderKey {
  ExprPtr expr;
  bool descending = false;
  Nulls nulls = Nulls::last;
};

struct ColumnRef {
  std::string table;  // alias, or empty
  std::string name;
};
struct NullLiteral {};
struct BoolLiteral {
  bool value;
};
struct IntegerLiteral {
  std::int64_t value;
};
struct RealLiteral {
  double value;
};  // NaN and infinities print as casts
struct StringLiteral {
  std::string value;
};
struct TypedLiteral {
  std::string type, text;
};  // DECIMAL '1.5', UUID '…'
struct ListLiteral {
  std::vector<ExprPtr> items;
};
struct StructLiteral {
  std::vector<std::pair<std::string, ExprPtr>> fields;
};

struct Call {
  std::string function;
  std::vector<ExprPtr> arguments;
  bool distinct = false;
  std::vector<OrderKey> order_by;  // inside the parentheses of an aggregate
  ExprPtr filter;                  // FILTER (WHERE …), or null
};
struct Binary {
  std::string op;
  ExprPtr left, right;
};  // op as SQL spells it, upper case; see printer.cpp's table
struct Unary {
  std::string op;
  ExprPtr operand;
};  // "NOT", "-"
struct Postfix {
  ExprPtr operand;
  std::string op;
};  // "IS NULL", "IS NOT NULL"
struct Cast {
  ExprPtr operand;
  std::string type;
  bool try_cast = false;
};
struct Case {
  std::vector<std::pair<ExprPtr, ExprPtr>> branches;
  ExprPtr otherwise;
};
struct InList {
  ExprPtr value;
  std::vector<ExprPtr> items;
  bool negated = false;
};
struct InQuery {
  ExprPtr value;
  QueryPtr query;
  bool negated = false;
};
struct Subquery {
  QueryPtr query;
};  // a scalar: first column of the only row
struct Lambda {
  std::vector<std::string> parameters;
  ExprPtr body;
};
struct Window {
  ExprPtr call;  // a Call
  std::vector<ExprPtr> partition_by;
  std::vector<OrderKey> order_by;
  std::string frame;  // "ROWS BETWEEN …", or empty
};
struct Star {
  std::string table;
};

struct Expr {
  std::variant<ColumnRef, NullLiteral, BoolLiteral, IntegerLiteral, RealLiteral, StringLiteral, TypedLiteral, ListLiteral,
               StructLiteral, Call, Binary, Unary, Postfix, Cast, Case, InList, InQuery, Subquery, Lambda, Window, Star>
      node;
};

struct TableRef;
using TableRefPtr = std::shared_ptr<const TableRef>;

struct NamedTable {
  std::vector<std::string> path;  // database, schema, table: each part quoted by the printer
  std::string alias;
};
struct FunctionTable {
  Call call;  // read_parquet(…), range(…), unnest(…)
  std::string alias;
  std::vector<std::string> column_aliases;
};
struct DerivedTable {
  QueryPtr query;
  std::string alias;
  std::vector<std::string> column_aliases;
};
struct JoinedTable {
  std::string kind;  // "INNER", "LEFT", "RIGHT", "FULL", "SEMI", "ANTI", "CROSS"
  TableRefPtr left, right;
  ExprPtr on;  // null for CROSS
};
struct TableRef {
  std::variant<NamedTable, FunctionTable, DerivedTable, JoinedTable> node;
};

struct SelectItem {
  ExprPtr expr;
  std::string alias;  // empty: none printed
};
struct Select {
  bool distinct = false;
  std::vector<ExprPtr> distinct_on;
  std::vector<SelectItem> items;
  TableRefPtr from;  // null: no FROM
  ExprPtr where;
  std::vector<ExprPtr> group_by;
  ExprPtr qualify;
};
struct Values {
  std::vector<std::vector<ExprPtr>> rows;
};
struct SetOperation {
  std::string op;
  std::vector<QueryPtr> inputs;
};  // "UNION ALL", …

/// A whole query: body, then ORDER BY and LIMIT over it.
struct Query {
  std::variant<Select, Values, SetOperation> body;
  std::vector<OrderKey> order_by;
  ExprPtr limit;
};

}  // namespace wardian::sqltree

#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wardian/base/source_span.h"
#include "wardian/columnar/type.h"
#include "wardian/columnar/value.h"
#include "wardian/plan/extent.h"
#include "wardian/sqltree/tree.h"

namespace wardian::plan {

struct Expr;
struct Node;
using ExprPtr = std::shared_ptr<const Expr>;
using NodePtr = std::shared_ptr<const Node>;

/// What a function's rewrite sees of one call.
struct CallSite {
  std::span<const sqltree::ExprPtr> arguments;  // lowered
  std::span<const ExprPtr> expressions;         // the same, typed; a Constant shows its value
  columnar::Type result;
  std::span<const sqltree::ExprPtr> partition = {};  // of a window call: what the rows it sees agree in
  bool streams = false;                              // of a window call: the rows come one after the other in their order

  columnar::Type type(std::size_t argument) const;
  /// The argument's value when it is a constant, else null.
  const columnar::Value* constant(std::size_t argument) const;
};

using SqlRewrite = sqltree::ExprPtr (*)(const CallSite& site);

/// Whether an aggregate wants to meet the rows in their order, which the engine's threads otherwise share out as they come.
enum class RowOrder : std::uint8_t { any, serialized, always };

/// What a call lowers to: an engine function of the same arguments, or whatever `rewrite` builds. Languages embed it in
/// their own rows (KqlFunction). Lives as long as the program.
struct Lowering {
  std::string_view sql;  // engine function name, or empty
  SqlRewrite rewrite = nullptr;
  RowOrder order = RowOrder::any;  // of aggregates
};

/// A column of the node's input; `input` is 1 for the right side of a join, kAround for the row around a subquery.
inline constexpr std::uint32_t kAround = 2;
struct ColumnRef {
  std::uint32_t input = 0;
  std::uint32_t index = 0;
};
struct Constant {
  columnar::Value value;
};
/// A scalar function or operator. `name` is what explain prints.
struct Call {
  std::string_view name;
  Lowering lowering;
  std::vector<ExprPtr> arguments;
  /// Of a function with several results: their columns. The value is all of them packed in one text, from which
  /// wardian_result_… takes them apart (kernels/result_pack.h).
  std::shared_ptr<const columnar::Schema> results = nullptr;
};
/// First column of the first row of a table; null when it has no row. The table depends on nothing outside, or where
/// `of_row` says so on the row at hand, whose columns it calls ColumnRef{kAround, …}.
struct ScalarSubquery {
  NodePtr table;
  bool of_row = false;
};
/// value in (first column of a table). Never null but for a null value among nulls.
struct InSubquery {
  ExprPtr value;
  NodePtr table;
  bool ignore_case = false;

  /// Where null and false are told apart the table is read for its nulls as well.
  bool reads_nulls() const;
};
/// A function of the whole serialized input: row_number(), prev(), next(), row_cumsum(), ... The lowering's result is
/// the window call itself; the lowering of the node adds OVER (…), in input order.
struct WindowCall {
  std::string_view name;
  Lowering lowering;
  std::vector<ExprPtr> arguments;
  std::string frame;  // kRowsToHere, another, or empty
};
/// The frame of a running total.
inline constexpr char kRowsToHere[] = "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";
/// The element of a table-valued variable inside a lambda: array elements in functions over arrays.
struct LambdaParameter {
  std::string name;
};

struct Expr {
  std::variant<ColumnRef, Constant, Call, ScalarSubquery, InSubquery, WindowCall, LambdaParameter> node;
  columnar::Type type = columnar::Type::dynamic;
  SourceSpan span;
  Extent extent = {};
};

Extent extent_of(const Constant&);
Extent extent_of(const ColumnRef&);
Extent extent_of(const LambdaParameter&);
Extent extent_of(const Call& call);
Extent extent_of(const WindowCall& call);
Extent extent_of(const ScalarSubquery& subquery);
Extent extent_of(const InSubquery& in);

template <class NodeType>
ExprPtr make_expr(NodeType node, columnar::Type type, SourceSpan span = {}) {
  const Extent extent = extent_of(node);
  return std::make_shared<const Expr>(Expr{std::move(node), type, span, extent});
}

}  // namespace wardian::plan

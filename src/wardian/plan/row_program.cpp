#include "wardian/plan/row_program.h"

#include <array>
#include <cmath>
#include <map>

#include "wardian/base/overloaded.h"
#include "wardian/kernels/decimal.h"
#include "wardian/plan/lowerer.h"

namespace wardian::plan {
namespace {

using algorithm::Cell;
using algorithm::RowNode;
using algorithm::RowOp;
using columnar::Type;

const std::map<std::string_view, std::vector<const kernels::Kernel*>>& kernels_by_name() {
  static const auto index = [] {
    std::map<std::string_view, std::vector<const kernels::Kernel*>> made;
    for (const auto family : kernels::kernel_families()) {
      for (const kernels::Kernel& kernel : family) made[kernel.name].push_back(&kernel);
    }
    return made;
  }();
  return index;
}

/// A decimal in plain notation.
kernels::Int128 decimal_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  kernels::Int128 made = 0;
  int places = -1;
  for (const char c : text) {
    if (c == '.') places = 0;
    if (c < '0' || c > '9' || places == kernels::kDecimalPlaces) continue;
    made = made * 10 + (c - '0');
    if (places >= 0) ++places;
  }
  for (int place = std::max(places, 0); place < kernels::kDecimalPlaces; ++place) made *= 10;
  return negative ? -made : made;
}

struct OpRow {
  std::string_view name;
  RowOp op;
};
constexpr auto kBinary = std::to_array<OpRow>({{"+", RowOp::add},
                                               {"-", RowOp::subtract},
                                               {"*", RowOp::multiply},
                                               {"/", RowOp::divide},
                                               {"//", RowOp::floor_divide},
                                               {"%", RowOp::modulo},
                                               {"=", RowOp::equal},
                                               {"<>", RowOp::differ},
                                               {"<", RowOp::less},
                                               {"<=", RowOp::less_or_equal},
                                               {">", RowOp::more},
                                               {">=", RowOp::more_or_equal},
                                               {"IS DISTINCT FROM", RowOp::distinct},
                                               {"IS NOT DISTINCT FROM", RowOp::not_distinct},
                                               {"AND", RowOp::both},
                                               {"OR", RowOp::either},
                                               {"&", RowOp::bits_and},
                                               {"|", RowOp::bits_or},
                                               {"||", RowOp::append}});
constexpr auto kCalls = std::to_array<OpRow>({{"abs", RowOp::magnitude},
                                              {"atan2", RowOp::atan2},
                                              {"coalesce", RowOp::coalesce},
                                              {"concat", RowOp::join},
                                              {"greatest", RowOp::greatest},
                                              {"isfinite", RowOp::is_finite},
                                              {"isinf", RowOp::is_infinite},
                                              {"isnan", RowOp::is_nan},
                                              {"json_type", RowOp::json_type},
                                              {"least", RowOp::least},
                                              {"lower", RowOp::lower},
                                              {"nullif", RowOp::null_if},
                                              {"sign", RowOp::sign},
                                              {"strlen", RowOp::length},
                                              {"upper", RowOp::upper},
                                              {"xor", RowOp::exclusive_or}});

struct FunctionRow {
  std::string_view name;
  double (*function)(double);
};
constexpr double kDegree = 3.14159265358979323846 / 180;
constexpr auto kFunctions = std::to_array<FunctionRow>({{"atan", [](double x) { return std::atan(x); }},
                                                        {"ceil", [](double x) { return std::ceil(x); }},
                                                        {"degrees", [](double x) { return x / kDegree; }},
                                                        {"exp", [](double x) { return std::exp(x); }},
                                                        {"floor", [](double x) { return std::floor(x); }},
                                                        {"radians", [](double x) { return x * kDegree; }},
                                                        {"round", [](double x) { return std::round(x); }},
                                                        {"trunc", [](double x) { return std::trunc(x); }}});

class Compiler {
 public:
  /// SQL may use a part several times, which a program writes out each time.
  static constexpr std::size_t kNodesMax = 100'000;

  Result<RowNode> node(const sql::ExprPtr& expr) {
    if (++nodes_ > kNodesMax) return Error{ErrorCode::too_deep, "The expression over the state of a step is too large", {}, {}};
    return std::visit([&](const auto& inner) { return compiled(inner); }, expr->node);
  }
  std::size_t states = 0;

 private:
  std::size_t nodes_ = 0;

  static Error refused(std::string_view what) {
    return {
        ErrorCode::not_supported, "Not supported by this version: " + std::string(what) + " over the state of a step", {}, {}};
  }
  static RowNode constant(Cell cell) {
    RowNode made;
    made.value = std::move(cell);
    return made;
  }
  Result<RowNode> made_of(RowOp op, std::initializer_list<sql::ExprPtr> parts) {
    return made_of(op, std::span<const sql::ExprPtr>(parts.begin(), parts.size()));
  }
  Result<RowNode> made_of(RowOp op, std::span<const sql::ExprPtr> parts) {
    RowNode made;
    made.op = op;
    for (const sql::ExprPtr& part : parts) {
      WARDIAN_ASSIGN(RowNode inner, node(part));
      made.parts.push_back(std::move(inner));
    }
    return made;
  }

  Result<RowNode> compiled(const sql::ColumnRef& ref) {
    RowNode made;
    made.op = RowOp::slot;
    made.index = static_cast<std::size_t>(std::stoull(ref.name));
    return made;
  }
  Result<RowNode> compiled(const sql::NullLiteral&) { return RowNode{}; }
  Result<RowNode> compiled(const sql::BoolLiteral& literal) {
    Cell cell;
    cell.set_truth(literal.value);
    return constant(std::move(cell));
  }
  Result<RowNode> compiled(const sql::IntegerLiteral& literal) {
    Cell cell;
    cell.set_whole(literal.value);
    return constant(std::move(cell));
  }
  Result<RowNode> compiled(const sql::RealLiteral& literal) {
    Cell cell;
    cell.set_real(literal.value);
    return constant(std::move(cell));
  }
  Result<RowNode> compiled(const sql::StringLiteral& literal) {
    Cell cell;
    cell.set_text(literal.value);
    return constant(std::move(cell));
  }
  Result<RowNode> compiled(const sql::TypedLiteral& literal) {
    if (literal.type.starts_with("DECIMAL")) return constant(cell_of({Type::decimal, literal.text}));
    Cell cell;
    cell.set_text(literal.text);
    return constant(std::move(cell));
  }
  Result<RowNode> compiled(const sql::Call& call) {
    const auto kernels = kernels_by_name().find(call.function);
    if (kernels != kernels_by_name().end()) {
      WARDIAN_ASSIGN(RowNode made, made_of(RowOp::kernel, call.arguments));
      made.kernels = kernels->second;
      made.index = states++;
      return made;
    }
    for (const OpRow& row : kCalls) {
      if (row.name == call.function) return made_of(row.op, call.arguments);
    }
    for (const FunctionRow& row : kFunctions) {
      if (row.name != call.function || call.arguments.size() != 1) continue;
      WARDIAN_ASSIGN(RowNode made, made_of(RowOp::real_function, call.arguments));
      made.function = row.function;
      return made;
    }
    if (call.function == "pi") return compiled(sql::RealLiteral{3.14159265358979323846});
    return refused("the engine's " + call.function + "()");
  }
  Result<RowNode> compiled(const sql::Binary& binary) {
    for (const OpRow& row : kBinary) {
      if (row.name == binary.op) return made_of(row.op, {binary.left, binary.right});
    }
    return refused("the engine's operator " + binary.op);
  }
  Result<RowNode> compiled(const sql::Unary& unary) {
    return made_of(unary.op == "NOT" ? RowOp::negation : RowOp::minus, {unary.operand});
  }
  Result<RowNode> compiled(const sql::Postfix& postfix) {
    return made_of(postfix.op == "IS NULL" ? RowOp::is_null : RowOp::is_not_null, {postfix.operand});
  }
  Result<RowNode> compiled(const sql::Cast& cast) {
    static constexpr auto kTypes = std::to_array<OpRow>({{"BOOLEAN", RowOp::to_boolean},
                                                         {"INTEGER", RowOp::to_int},
                                                         {"BIGINT", RowOp::to_long},
                                                         {"DOUBLE", RowOp::to_real},
                                                         {"DECIMAL(38, 17)", RowOp::to_decimal},
                                                         {"VARCHAR", RowOp::to_text},
                                                         {"UUID", RowOp::to_text}});
    for (const OpRow& row : kTypes) {
      if (row.name != cast.type) continue;
      WARDIAN_ASSIGN(RowNode made, made_of(row.op, {cast.operand}));
      made.lenient = cast.try_cast;
      return made;
    }
    return refused("a conversion to " + cast.type);
  }
  Result<RowNode> compiled(const sql::Case& choice) {
    std::vector<sql::ExprPtr> parts;
    for (const auto& [condition, value] : choice.branches) {
      parts.push_back(condition);
      parts.push_back(value);
    }
    parts.push_back(choice.otherwise ? choice.otherwise : sql::null());
    return made_of(RowOp::choose, parts);
  }
  Result<RowNode> compiled(const sql::InList& in) {
    std::vector<sql::ExprPtr> parts{in.value};
    parts.insert(parts.end(), in.items.begin(), in.items.end());
    WARDIAN_ASSIGN(RowNode made, made_of(RowOp::in_list, parts));
    if (!in.negated) return made;
    RowNode negated;
    negated.op = RowOp::negation;
    negated.parts.push_back(std::move(made));
    return negated;
  }
  template <class Other>
  Result<RowNode> compiled(const Other&) {
    return refused("lists, tables and window functions");
  }
};

Result<sql::ExprPtr> lowered(const Expr& expr) {
  if (const auto* ref = std::get_if<ColumnRef>(&expr.node)) return sql::column(std::to_string(ref->index));
  if (const auto* constant = std::get_if<Constant>(&expr.node)) return literal(constant->value);
  const auto* call = std::get_if<Call>(&expr.node);
  if (call == nullptr) {
    return Error{ErrorCode::not_supported, "Not supported by this version: tables over the state of a step", expr.span, {}};
  }
  std::vector<sql::ExprPtr> arguments;
  for (const ExprPtr& argument : call->arguments) {
    WARDIAN_ASSIGN(sql::ExprPtr each, lowered(*argument));
    arguments.push_back(std::move(each));
  }
  if (call->lowering.rewrite != nullptr) return call->lowering.rewrite(CallSite{arguments, call->arguments, expr.type, {}});
  return sql::call(std::string(call->lowering.sql), std::move(arguments));
}

}  // namespace

Cell cell_of(const columnar::Value& value) {
  Cell cell;
  std::visit(overloaded{[&](std::monostate) {
                          if (value.type == Type::string) cell.set_text({});
                        },
                        [&](bool held) { cell.set_truth(held); }, [&](std::int64_t held) { cell.set_whole(held); },
                        [&](double held) { cell.set_real(held); },
                        [&](const std::string& held) {
                          if (value.type == Type::decimal)
                            cell.set_decimal(decimal_of(held));
                          else
                            cell.set_text(held);
                        }},
             value.held);
  return cell;
}

Result<algorithm::RowProgram> row_program(const Expr& expr) {
  WARDIAN_ASSIGN(const sql::ExprPtr tree, lowered(expr));
  Compiler compiler;
  auto root = compiler.node(tree);
  if (!root.ok()) {
    Error error = std::move(root).error();
    if (!error.span) error.span = expr.span;
    return error;
  }
  return algorithm::RowProgram{std::move(root).value(), compiler.states};
}

}  // namespace wardian::plan

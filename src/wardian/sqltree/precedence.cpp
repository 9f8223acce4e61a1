#include "wardian/sqltree/precedence.h"

#include <array>
#include <cmath>

#include "wardian/base/overloaded.h"

namespace wardian::sqltree {
namespace {

constexpr std::array kOperators = {
    OperatorRow{"OR", kOr, true},
    OperatorRow{"AND", kAnd, true},
    OperatorRow{"=", kComparison, false},
    OperatorRow{"<>", kComparison, false},
    OperatorRow{"<", kComparison, false},
    OperatorRow{"<=", kComparison, false},
    OperatorRow{">", kComparison, false},
    OperatorRow{">=", kComparison, false},
    OperatorRow{"IS DISTINCT FROM", kIs, false},
    OperatorRow{"IS NOT DISTINCT FROM", kIs, false},
    OperatorRow{"LIKE", kPattern, false},
    OperatorRow{"ILIKE", kPattern, false},
    OperatorRow{"NOT LIKE", kPattern, false},
    OperatorRow{"NOT ILIKE", kPattern, false},
    OperatorRow{"||", kOther, true},
    OperatorRow{"&", kOther, false},
    OperatorRow{"|", kOther, false},
    OperatorRow{"<<", kOther, false},
    OperatorRow{">>", kOther, false},
    OperatorRow{"->", kOther, false},
    OperatorRow{"->>", kOther, false},
    OperatorRow{"+", kSum, false},
    OperatorRow{"-", kSum, false},
    OperatorRow{"*", kProduct, false},
    OperatorRow{"/", kProduct, false},
    OperatorRow{"//", kProduct, false},
    OperatorRow{"%", kProduct, false},
    OperatorRow{"^", kPower, false},
};

}  // namespace

OperatorRow operator_row(std::string_view op) {
  for (const OperatorRow& row : kOperators) {
    if (row.op == op) return row;
  }
  return {op, kOr, false, false};
}

int strength(const Expr& expr) {
  return std::visit(
      overloaded{[](const Binary& node) -> int { return operator_row(node.op).strength; },
                 [](const Unary& node) -> int { return node.op == "NOT" ? kNot : kSign; },
                 [](const Postfix&) -> int { return kIs; }, [](const InList&) -> int { return kPattern; },
                 [](const InQuery&) -> int { return kPattern; }, [](const Lambda&) -> int { return kOr; },
                 [](const IntegerLiteral& node) -> int { return node.value < 0 ? kSign : kAtom; },
                 [](const RealLiteral& node) -> int { return std::signbit(node.value) ? kSign : kAtom; },
                 [](const StringLiteral& node) -> int { return node.value.find('\0') == std::string::npos ? kAtom : kOther; },
                 [](const auto&) -> int { return kAtom; }},
      expr.node);
}

}  // namespace wardian::sqltree

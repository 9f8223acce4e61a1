#include "wardian/algorithm/row_program.h"

#include <cmath>
#include <cwctype>

#include "wardian/algorithm/row_values.h"

namespace wardian::algorithm {

RowMachine::RowMachine(const RowProgram& program)
    : program_(program), states_(program.kernel_states, nullptr), state_of_(program.kernel_states, nullptr) {}

RowMachine::~RowMachine() {
  for (std::size_t at = 0; at < states_.size(); ++at) {
    if (states_[at] != nullptr) state_of_[at]->free_state(states_[at]);
  }
}

Status RowMachine::run(std::span<const Cell* const> slots, Cell& result) {
  slots_ = slots;
  value(program_.root, result);
  if (!error_) return {};
  Error error = std::move(*error_);
  error_.reset();
  return error;
}

void RowMachine::fail(ErrorCode code, std::string message) {
  if (!error_) error_ = Error{code, std::move(message), {}, {}};
}

void RowMachine::value(const RowNode& node, Cell& out) {
  switch (node.op) {
    case RowOp::constant: out = node.value; return;
    case RowOp::slot:
      if (const Cell* cell = slots_[node.index]) {
        out = *cell;
      } else {
        out.set_null();
      }
      return;
    case RowOp::kernel: return kernel(node, out);
    case RowOp::real_function:
      value(node.parts[0], out);
      if (!out.is_null()) out.set_real(node.function(as_real(out)));
      return;
    case RowOp::atan2: {
      Cell other;
      value(node.parts[0], out);
      value(node.parts[1], other);
      if (out.is_null() || other.is_null()) return out.set_null();
      return out.set_real(std::atan2(as_real(out), as_real(other)));
    }
    case RowOp::add:
    case RowOp::subtract:
    case RowOp::multiply:
    case RowOp::bits_and:
    case RowOp::bits_or:
    case RowOp::divide:
    case RowOp::floor_divide:
    case RowOp::modulo: return arithmetic(node, out);
    case RowOp::equal:
    case RowOp::differ:
    case RowOp::less:
    case RowOp::less_or_equal:
    case RowOp::more:
    case RowOp::more_or_equal:
    case RowOp::distinct:
    case RowOp::not_distinct: return comparison(node, out);
    case RowOp::both:
    case RowOp::either: {
      const bool decides = node.op == RowOp::either;  // the truth that settles it whatever the others are
      bool unknown = false;
      for (const RowNode& part : node.parts) {
        value(part, out);
        if (out.is_null()) {
          unknown = true;
        } else if (as_truth(out) == decides) {
          return out.set_truth(decides);
        }
      }
      return unknown ? out.set_null() : out.set_truth(!decides);
    }
    case RowOp::exclusive_or: {
      Cell other;
      value(node.parts[0], out);
      value(node.parts[1], other);
      if (out.is_null() || other.is_null()) return out.set_null();
      if (out.kind == Cell::Kind::whole && other.kind == Cell::Kind::whole) return out.set_whole(out.whole ^ other.whole);
      return out.set_truth(as_truth(out) != as_truth(other));
    }
    case RowOp::negation:
      value(node.parts[0], out);
      if (!out.is_null()) out.set_truth(!as_truth(out));
      return;
    case RowOp::minus:
      value(node.parts[0], out);
      if (out.kind == Cell::Kind::whole) {
        if (out.whole == INT64_MIN) return fail(ErrorCode::overflow, "A number is too large");
        out.whole = -out.whole;
      } else if (out.kind == Cell::Kind::decimal) {
        out.decimal = -out.decimal;
      } else if (out.kind == Cell::Kind::real) {
        out.real = -out.real;
      }
      return;
    case RowOp::is_null: value(node.parts[0], out); return out.set_truth(out.is_null());
    case RowOp::is_not_null: value(node.parts[0], out); return out.set_truth(!out.is_null());
    case RowOp::is_nan:
    case RowOp::is_infinite:
    case RowOp::is_finite: {
      value(node.parts[0], out);
      if (out.is_null()) return;
      const double real = as_real(out);
      return out.set_truth(node.op == RowOp::is_nan        ? std::isnan(real)
                           : node.op == RowOp::is_infinite ? std::isinf(real)
                                                           : std::isfinite(real));
    }
    case RowOp::to_boolean:
    case RowOp::to_int:
    case RowOp::to_long:
    case RowOp::to_real:
    case RowOp::to_decimal:
    case RowOp::to_text: return conversion(node, out);
    case RowOp::choose:
      for (std::size_t at = 0; at + 1 < node.parts.size(); at += 2) {
        value(node.parts[at], out);
        if (!out.is_null() && as_truth(out)) return value(node.parts[at + 1], out);
      }
      return value(node.parts.back(), out);
    case RowOp::in_list: {
      Cell wanted, candidate;
      value(node.parts[0], wanted);
      bool unknown = wanted.is_null();
      for (std::size_t at = 1; at < node.parts.size() && !wanted.is_null(); ++at) {
        value(node.parts[at], candidate);
        if (candidate.is_null()) {
          unknown = true;
        } else if (compared(wanted, candidate) == 0) {
          return out.set_truth(true);
        }
      }
      return unknown ? out.set_null() : out.set_truth(false);
    }
    case RowOp::coalesce:
      for (const RowNode& part : node.parts) {
        value(part, out);
        if (!out.is_null()) return;
      }
      return out.set_null();
    case RowOp::null_if: {
      Cell other;
      value(node.parts[0], out);
      value(node.parts[1], other);
      if (!out.is_null() && !other.is_null() && compared(out, other) == 0) out.set_null();
      return;
    }
    case RowOp::greatest:
    case RowOp::least: {
      Cell best, next;
      for (const RowNode& part : node.parts) {
        value(part, next);
        if (next.is_null()) continue;
        const bool better = best.is_null() || (node.op == RowOp::greatest ? compared(next, best) > 0 : compared(next, best) < 0);
        if (better) std::swap(best, next);
      }
      out = std::move(best);
      return;
    }
    case RowOp::magnitude:
      value(node.parts[0], out);
      if (out.kind == Cell::Kind::whole) out.whole = out.whole < 0 ? -out.whole : out.whole;
      if (out.kind == Cell::Kind::decimal && out.decimal < 0) out.decimal = -out.decimal;
      if (out.kind == Cell::Kind::real) out.real = std::fabs(out.real);
      return;
    case RowOp::sign: {
      value(node.parts[0], out);
      if (out.is_null()) return;
      const double real = as_real(out);
      return out.set_whole(real > 0 ? 1 : real < 0 ? -1 : 0);
    }
    case RowOp::join: {
      std::string joined;
      for (const RowNode& part : node.parts) {
        value(part, out);
        if (!out.is_null()) joined += as_text(out);
      }
      return out.set_text(joined);
    }
    case RowOp::append: {
      Cell other;
      value(node.parts[0], out);
      value(node.parts[1], other);
      if (out.is_null() || other.is_null()) return out.set_null();
      return out.set_text(as_text(out) + as_text(other));
    }
    case RowOp::lower:
    case RowOp::upper:
      value(node.parts[0], out);
      if (!out.is_null()) out.set_text(in_case(as_text(out), node.op == RowOp::upper));
      return;
    case RowOp::length:
      value(node.parts[0], out);
      if (!out.is_null()) out.set_whole(static_cast<std::int64_t>(as_text(out).size()));
      return;
    case RowOp::json_type:
      value(node.parts[0], out);
      if (!out.is_null()) out.set_text(json_type_of(as_text(out)));
      return;
  }
}

void RowMachine::arithmetic(const RowNode& node, Cell& out) {
  Cell b;
  value(node.parts[0], out);
  value(node.parts[1], b);
  if (out.is_null() || b.is_null()) return out.set_null();
  const auto too_large = [&] { fail(ErrorCode::overflow, "A number is too large"); };
  if (out.kind == Cell::Kind::whole && b.kind == Cell::Kind::whole && node.op != RowOp::divide) {
    std::int64_t made = 0;
    bool overflows = false;
    switch (node.op) {
      case RowOp::add: overflows = __builtin_add_overflow(out.whole, b.whole, &made); break;
      case RowOp::subtract: overflows = __builtin_sub_overflow(out.whole, b.whole, &made); break;
      case RowOp::multiply: overflows = __builtin_mul_overflow(out.whole, b.whole, &made); break;
      case RowOp::bits_and: made = out.whole & b.whole; break;
      case RowOp::bits_or: made = out.whole | b.whole; break;
      default:
        if (b.whole == 0) return out.set_null();
        if (b.whole == -1) {
          overflows = node.op == RowOp::floor_divide && __builtin_sub_overflow(0, out.whole, &made);
        } else {
          made = node.op == RowOp::floor_divide ? out.whole / b.whole : out.whole % b.whole;
        }
    }
    if (overflows) return too_large();
    return out.set_whole(made);
  }
  const bool exact = out.kind != Cell::Kind::real && b.kind != Cell::Kind::real &&
                     (out.kind == Cell::Kind::decimal || b.kind == Cell::Kind::decimal);
  if (exact && (node.op == RowOp::add || node.op == RowOp::subtract)) {
    kernels::Int128 made = 0;
    const auto x = as_decimal(out), y = as_decimal(b);
    if (!x || !y) return too_large();
    const bool overflows = node.op == RowOp::add ? __builtin_add_overflow(*x, *y, &made) : __builtin_sub_overflow(*x, *y, &made);
    if (overflows || !kernels::is_decimal(made)) return too_large();
    return out.set_decimal(made);
  }
  const double x = as_real(out), y = as_real(b);
  switch (node.op) {
    case RowOp::add: return out.set_real(x + y);
    case RowOp::subtract: return out.set_real(x - y);
    case RowOp::multiply: return out.set_real(x * y);
    case RowOp::divide: return out.set_real(x / y);
    case RowOp::floor_divide: return y == 0 ? out.set_null() : out.set_real(std::floor(x / y));
    default: return y == 0 ? out.set_null() : out.set_real(std::fmod(x, y));
  }
}

void RowMachine::comparison(const RowNode& node, Cell& out) {
  Cell b;
  value(node.parts[0], out);
  value(node.parts[1], b);
  const bool any_null = out.is_null() || b.is_null();
  if (node.op == RowOp::distinct || node.op == RowOp::not_distinct) {
    const bool differ = any_null ? out.is_null() != b.is_null() : compared(out, b) != 0;
    return out.set_truth(differ == (node.op == RowOp::distinct));
  }
  if (any_null) return out.set_null();
  const int order = compared(out, b);
  switch (node.op) {
    case RowOp::equal: return out.set_truth(order == 0);
    case RowOp::differ: return out.set_truth(order != 0);
    case RowOp::less: return out.set_truth(order < 0);
    case RowOp::less_or_equal: return out.set_truth(order <= 0);
    case RowOp::more: return out.set_truth(order > 0);
    default: return out.set_truth(order >= 0);
  }
}

void RowMachine::conversion(const RowNode& node, Cell& out) {
  value(node.parts[0], out);
  if (out.is_null()) return;
  if (converted(node.op, out)) return;
  if (!node.lenient) fail(ErrorCode::overflow, "A value cannot be converted");
  out.set_null();
}

}  // namespace wardian::algorithm

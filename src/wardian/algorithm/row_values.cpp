#include "wardian/algorithm/row_values.h"

#include <cmath>
#include <cwctype>

#include "wardian/kernels/number_text.h"

namespace wardian::algorithm {
namespace {

using kernels::Int128;
using Kind = Cell::Kind;

Int128 unit() {
  Int128 made = 1;
  for (int place = 0; place < kernels::kDecimalPlaces; ++place) made *= 10;
  return made;
}

int order_of(const auto& a, const auto& b) { return a < b ? -1 : b < a ? 1 : 0; }

int order_of_reals(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return order_of(std::isnan(a) ? 1 : 0, std::isnan(b) ? 1 : 0);
  return order_of(a, b);
}

/// The code point at `at`, which moves behind it; an ill-formed byte stands for itself.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t place) { return static_cast<unsigned char>(text[place]); };
  const unsigned char first = byte(at);
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  char32_t point = more == 0 ? first : first & (0x3FU >> more);
  const std::size_t begin = at++;
  for (int count = 0; count < more; ++count) {
    if (at >= text.size() || (byte(at) & 0xC0U) != 0x80U) {
      at = begin + 1;
      return first;
    }
    point = (point << 6) | (byte(at++) & 0x3FU);
  }
  return point;
}

void append_code_point(std::string& out, char32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | (point >> 12));
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (point >> 18));
    out += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }
}

/// Letters of all scripts, whatever the program's own locale; made once.
locale_t letters() {
  static const locale_t held = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return held;
}

bool to_whole(Cell& cell, std::int64_t least, std::int64_t most) {
  std::int64_t made = 0;
  switch (cell.kind) {
    case Kind::boolean: made = cell.truth ? 1 : 0; break;
    case Kind::whole: made = cell.whole; break;
    case Kind::decimal:
    case Kind::real: {
      const double real = std::nearbyint(as_real(cell));
      if (!(real >= -9223372036854775808.0 && real < 9223372036854775808.0)) return false;
      made = static_cast<std::int64_t>(real);
      break;
    }
    case Kind::text: {
      const auto parsed = kernels::parse_exact_long(cell.text);
      if (!parsed) return false;
      made = *parsed;
      break;
    }
    case Kind::null: return true;
  }
  if (made < least || made > most) return false;
  cell.set_whole(made);
  return true;
}

}  // namespace

double as_real(const Cell& cell) {
  switch (cell.kind) {
    case Kind::boolean: return cell.truth ? 1 : 0;
    case Kind::whole: return static_cast<double>(cell.whole);
    case Kind::decimal: return static_cast<double>(cell.decimal) / 1e17;
    case Kind::real: return cell.real;
    case Kind::text: return kernels::parse_real(cell.text).value_or(std::nan(""));
    case Kind::null: break;
  }
  return 0;
}

bool as_truth(const Cell& cell) {
  switch (cell.kind) {
    case Kind::boolean: return cell.truth;
    case Kind::text: return kernels::parse_bool(cell.text).value_or(false);
    default: return as_real(cell) != 0;
  }
}

std::optional<Int128> as_decimal(const Cell& cell) {
  switch (cell.kind) {
    case Kind::boolean: return cell.truth ? unit() : 0;
    case Kind::whole: {
      const Int128 made = static_cast<Int128>(cell.whole) * unit();
      return kernels::is_decimal(made) ? std::optional(made) : std::nullopt;
    }
    case Kind::decimal: return cell.decimal;
    case Kind::real: return kernels::decimal_of_real(cell.real);
    default: return std::nullopt;
  }
}

std::string as_text(const Cell& cell) {
  std::string made;
  switch (cell.kind) {
    case Kind::boolean: return cell.truth ? "true" : "false";
    case Kind::whole: kernels::append_long(made, cell.whole); break;
    case Kind::decimal:
    case Kind::real: kernels::append_real(made, as_real(cell)); break;
    case Kind::text: return cell.text;
    case Kind::null: break;
  }
  return made;
}

int compared(const Cell& a, const Cell& b) {
  if (a.kind == Kind::text && b.kind == Kind::text) return order_of(a.text, b.text);
  if (a.kind == Kind::whole && b.kind == Kind::whole) return order_of(a.whole, b.whole);
  if (a.kind != Kind::real && b.kind != Kind::real && (a.kind == Kind::decimal || b.kind == Kind::decimal)) {
    const auto x = as_decimal(a), y = as_decimal(b);
    if (x && y) return order_of(*x, *y);
  }
  return order_of_reals(as_real(a), as_real(b));
}

bool converted(RowOp op, Cell& cell) {
  switch (op) {
    case RowOp::to_boolean: cell.set_truth(as_truth(cell)); return true;
    case RowOp::to_int: return to_whole(cell, INT32_MIN, INT32_MAX);
    case RowOp::to_long: return to_whole(cell, INT64_MIN, INT64_MAX);
    case RowOp::to_real: {
      if (cell.kind == Kind::text && !kernels::parse_real(cell.text)) return false;
      cell.set_real(as_real(cell));
      return true;
    }
    case RowOp::to_decimal: {
      if (cell.kind == Kind::text) {
        const auto parsed = kernels::parse_real(cell.text);
        if (!parsed) return false;
        cell.set_real(*parsed);
      }
      const auto made = as_decimal(cell);
      if (made) cell.set_decimal(*made);
      return made.has_value();
    }
    default: cell.set_text(as_text(cell)); return true;
  }
}

std::string in_case(const std::string& text, bool upper) {
  std::string made;
  made.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x80) {
      const bool letter = upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';
      made += static_cast<char>(letter ? c ^ 0x20U : c);
      ++at;
      continue;
    }
    const std::size_t begin = at;
    const char32_t point = next_code_point(text, at);
    if (at == begin + 1) {  // no whole character
      made += text[begin];
      continue;
    }
    const auto wide = static_cast<wint_t>(point);
    append_code_point(made, static_cast<char32_t>(upper ? towupper_l(wide, letters()) : towlower_l(wide, letters())));
  }
  return made;
}

std::string_view json_type_of(std::string_view json) {
  if (json.empty()) return "NULL";
  switch (json.front()) {
    case '{': return "OBJECT";
    case '[': return "ARRAY";
    case '"': return "VARCHAR";
    case 't':
    case 'f': return "BOOLEAN";
    case 'n': return "NULL";
    default: break;
  }
  if (json.find_first_of(".eE") != std::string_view::npos) return "DOUBLE";
  return json.front() == '-' ? "BIGINT" : "UBIGINT";
}

}  // namespace wardian::algorithm

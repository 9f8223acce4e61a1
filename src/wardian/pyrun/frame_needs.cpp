#include "wardian/pyrun/frame_needs.h"

#include <algorithm>

#include "wardian/base/byte_text.h"

namespace wardian::pyrun {
namespace {

using columnar::BorderColumn;
using columnar::Type;

// CPython's, on 64 bits, from 3.10 to 3.14: the least that one takes.
constexpr std::uint64_t kPointerBytes = 8;
constexpr std::uint64_t kTextBytes = 48;      // a str, beside its characters
constexpr std::uint64_t kDecimalBytes = 104;  // a decimal.Decimal

/// How columns are given, as far as it makes a difference in memory.
enum class Form : std::uint8_t { objects, nullable, arrow };

Form form_of(std::string_view dtypes) {
  return dtypes == "arrow" ? Form::arrow : dtypes == "nullable" ? Form::nullable : Form::objects;
}

/// Of one column, by how frame_in.py and column_forms.py make it. `whole`: the texts' total is known of all rows only.
std::uint64_t column_needs(const FramePart& part, std::size_t place, Type type, std::uint64_t rows, bool whole, Form form) {
  const BorderColumn& column = part.layout.table.columns[place];
  const std::uint64_t long_texts = whole ? part.layout.long_texts[place] : 0;
  // Texts of a byte are shared. A character takes half its bytes at least: one byte in memory for two in UTF-8.
  const std::uint64_t texts = long_texts * kTextBytes + (whole && column.text.bytes > rows ? (column.text.bytes - rows) / 2 : 0);
  switch (type) {
    case Type::boolean: return form == Form::arrow ? 0 : rows;
    case Type::int32:
    case Type::int64: return form != Form::arrow && column.nulls > 0 ? rows : 0;  // a mask
    case Type::real: return 0;
    case Type::datetime:
    case Type::timespan: return column.type == columnar::kBorderOfTicks ? 8 * rows : 0;
    case Type::decimal:
      if (form == Form::arrow) return 0;
      return 2 * kPointerBytes * rows + (whole ? kDecimalBytes * (rows - column.nulls) : 0);
    case Type::string:
    case Type::guid:
      return form == Form::objects ? 2 * kPointerBytes * rows + texts : 0;  // the second to see what was left alone
    case Type::dynamic: return 2 * kPointerBytes * rows + texts;
  }
  return 0;
}

std::uint64_t needs_of(const SealedFrame& frame, std::size_t column, std::uint64_t rows, Form form) {
  return column_needs(frame.part_of(column), frame.place_in_part(column), frame.schema()[column].type, rows, rows == frame.rows(),
                      form);
}

}  // namespace

std::uint64_t memory_needed_min(const SealedFrame& frame, std::uint64_t rows, std::string_view dtypes) {
  std::uint64_t needed = 0;
  for (std::size_t column = 0; column < frame.schema().size(); ++column) needed += needs_of(frame, column, rows, form_of(dtypes));
  return needed;
}

Status check_fits(const SealedFrame& frame, std::uint64_t rows, std::string_view dtypes, std::uint64_t memory_bytes_max,
                  const std::string& what) {
  const std::uint64_t needed = memory_needed_min(frame, rows, dtypes);
  if (needed <= memory_bytes_max) return {};
  std::string names;
  for (std::size_t column = 0; column < frame.schema().size(); ++column) {
    // Those that matter.
    if (needs_of(frame, column, rows, form_of(dtypes)) * 20 < needed) continue;
    names += (names.empty() ? "" : ", ") + frame.schema()[column].name;
  }
  return Error{.code = ErrorCode::memory_limit,
               .message = what + " cannot fit the sandbox: as Python objects (" + names + ") it needs at least " +
                          in_mebibytes(needed) + "; the limit is " + in_mebibytes(memory_bytes_max),
               .hint = "Project fewer columns, hand it over in batches (hint.batches), or raise --sandbox-memory."};
}

}  // namespace wardian::pyrun

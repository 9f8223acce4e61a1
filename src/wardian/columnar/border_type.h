#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wardian/columnar/type.h"

namespace wardian::columnar {

/// How the values of a column lie in memory where a table leaves or enters the process: a subset of Arrow's types.
enum class Layout : std::uint8_t {
  bits,  // Bool: one bit a row, least significant first
  int32,
  int64,  // also of datetime and timespan: ticks, as a batch holds them
  float64,
  decimal128,
  utf8,        // int32 offsets, then bytes
  large_utf8,  // int64 offsets, then bytes
  timestamp,   // int64 counts of `unit` since 1970-01-01T00:00:00 UTC
  duration,    // int64 counts of `unit`
};

/// Arrow's TimeUnit, with Arrow's numbers.
enum class TimeUnit : std::uint8_t { second = 0, milli = 1, micro = 2, nano = 3 };

/// A column's Arrow type. `unit` matters for timestamp and duration, precision and scale for decimal128.
struct BorderType {
  Layout layout = Layout::int64;
  TimeUnit unit = TimeUnit::nano;
  std::uint8_t precision = 38;
  std::uint8_t scale = 0;

  friend bool operator==(const BorderType&, const BorderType&) = default;
};

/// A datetime or timespan of which some value has no count of nanoseconds that fits.
inline constexpr BorderType kBorderOfTicks = {.layout = Layout::int64};

/// A piece of a record batch's body, in bytes from its start. Zero bytes: the buffer is absent.
struct BufferRange {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

/// One column of a record batch: where its buffers lie. `text` is used by utf8 and large_utf8 only, whose `values` are
/// the offsets. An absent validity buffer means that no row is null.
struct BorderColumn {
  std::string name;
  BorderType type = {};
  std::uint64_t nulls = 0;
  BufferRange validity = {};
  BufferRange values = {};
  BufferRange text = {};
};

/// A whole record batch: what its metadata says.
struct BorderTable {
  std::uint64_t rows = 0;
  std::uint64_t body_bytes = 0;
  std::vector<BorderColumn> columns = {};
};

/// The Arrow type that a column of this type leaves with (docs/architecture.md, Types). Text goes as large_utf8: a frame's
/// column may pass 2 GiB. datetime and timespan go in nanoseconds, or as kBorderOfTicks when a value does not fit.
BorderType border_type_of(Type type, std::uint8_t decimal_scale = 0);

/// Whether a column that enters in this Arrow type may be taken for `type` as it lies.
bool may_enter_as(const BorderType& border, Type type);

/// "timestamp[ns]", "decimal128(38, 17)", … as Arrow prints them.
std::string border_type_name(const BorderType& type);

/// Bytes of one value of a fixed-width layout; 0 for bits and text.
std::size_t fixed_width_bytes(Layout layout);

constexpr bool is_text(Layout layout) { return layout == Layout::utf8 || layout == Layout::large_utf8; }

}  // namespace wardian::columnar

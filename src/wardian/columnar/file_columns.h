#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wardian/columnar/type.h"

namespace wardian::columnar {

/// How the values of a column lie in an Arrow or Parquet file where the file's own type does not say all: docs/decisions/0021.
enum class FileUnit : std::uint8_t {
  none,          // of types that count nothing
  nanoseconds,   // since 1970 for a datetime
  microseconds,  // since 1970 for a datetime
  ticks,         // of 100 ns; since year 1 for a datetime
};

struct FileColumn {
  std::string name;
  Type type = Type::dynamic;
  FileUnit unit = FileUnit::none;

  friend bool operator==(const FileColumn&, const FileColumn&) = default;
};

inline constexpr std::array<std::pair<std::string_view, FileUnit>, 3> kFileUnits = {
    {{"ns", FileUnit::nanoseconds}, {"us", FileUnit::microseconds}, {"tick", FileUnit::ticks}}};

/// The key of a file's metadata under which its columns stand, as JSON: {"columns": [{"name", "type", "unit"}]}, units as above.
inline constexpr std::string_view kFileColumnsKey = "wardian";
/// The key of an Arrow field's own metadata that names its KQL type, for people and other programs.
inline constexpr std::string_view kFieldTypeKey = "kql_type";

std::string file_columns_text(std::span<const FileColumn> columns);

/// What such a text says; nothing where it is none. It comes with a file, so it is as trustworthy as that: columns may have been
/// renamed, converted or removed since.
std::vector<FileColumn> read_file_columns(std::string_view text);

/// Which units hold some ticks without loss, told while they pass.
class TickRange {
 public:
  /// `type`: datetime or timespan.
  explicit TickRange(Type type);
  void add(std::int64_t ticks) {
    const auto count = static_cast<std::int64_t>(static_cast<std::uint64_t>(ticks) - static_cast<std::uint64_t>(epoch_));
    beyond_nanoseconds_ |= count > kCountMax || count < -kCountMax;
    within_microsecond_ |= count % 10 != 0;
  }
  void add(const TickRange& other) {
    beyond_nanoseconds_ |= other.beyond_nanoseconds_;
    within_microsecond_ |= other.within_microsecond_;
  }
  /// Nanoseconds where all fit, as most programs read those to the last digit, else microseconds, else ticks.
  FileUnit unit() const {
    if (!beyond_nanoseconds_) return FileUnit::nanoseconds;
    return within_microsecond_ ? FileUnit::ticks : FileUnit::microseconds;
  }

 private:
  static constexpr std::int64_t kCountMax = INT64_MAX / 100;
  std::int64_t epoch_;
  bool beyond_nanoseconds_ = false;
  bool within_microsecond_ = false;
};

/// The count in `to` of what is `count` in `from`, both not `none`; exact where TickRange chose `to` for the value.
std::int64_t convert_count(std::int64_t count, Type type, FileUnit from, FileUnit to);

}  // namespace wardian::columnar

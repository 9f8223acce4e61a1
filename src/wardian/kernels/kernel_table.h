#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// A kernel is a row. The engine registers every row as an SQL function of the same name.
namespace wardian::kernels {

__extension__ using Int128 = __int128;

/// How a value lies in memory: bool, int32_t, int64_t, double, Int128 (HUGEINT; DECIMAL(38, 17) in `decimal`),
/// string_view. A list of texts is a result only.
enum class ValueType : std::uint8_t { boolean, int32, int64, real, int128, decimal, text, texts };

/// One argument for a chunk of rows. Values under a null are unspecified but readable; a text there may be dangling
/// and is never read.
struct Column {
  const void* values = nullptr;
  const std::uint64_t* validity = nullptr;  // null: no nulls; else bit i % 64 of word i / 64 is 1 where row i has a value

  bool is_valid(std::size_t row) const { return validity == nullptr || ((validity[row / 64] >> (row % 64)) & 1U) != 0; }
};

/// Where a kernel leaves its results.
class ResultColumn {
 public:
  explicit ResultColumn(void* values) : values_(values) {}
  virtual ~ResultColumn() = default;
  void* values() { return values_; }  // of the result's type; not for text and texts
  virtual void set_null(std::size_t row) = 0;
  virtual void set_text(std::size_t row, std::string_view text) = 0;
  virtual void set_texts(std::size_t row, std::span<const std::optional<std::string_view>> texts);

 private:
  void* values_;
};

/// `state` is what make_state gave for this use and thread, or null.
using RunFunction = void (*)(std::span<const Column> arguments, std::size_t rows, ResultColumn& result, void* state);

struct Kernel {
  std::string_view name;  // "wardian_" and the function's name
  std::span<const ValueType> arguments;
  bool repeats_last = false;  // the last argument stands for none, one or more
  ValueType result = ValueType::int64;
  RunFunction run = nullptr;
  void* (*make_state)() = nullptr;
  void (*free_state)(void*) = nullptr;
};

/// All families; each family is a table at the end of its own file.
std::span<const std::span<const Kernel>> kernel_families();

}  // namespace wardian::kernels

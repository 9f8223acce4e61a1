#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/kernels/kernel_table.h"

namespace wardian::algorithm {

/// One value of a row. Texts are owned: they outlive the batch they came from.
struct Cell {
  /// `whole` holds int, long, datetime and timespan; `decimal` whole numbers of 10^-17; `text` also dynamic and guid.
  enum class Kind : std::uint8_t { null, boolean, whole, decimal, real, text };
  Kind kind = Kind::null;
  union {
    bool truth;
    std::int64_t whole = 0;
    double real;
  };
  kernels::Int128 decimal = 0;
  std::string text;

  bool is_null() const { return kind == Kind::null; }
  bool is_true() const { return kind == Kind::boolean && truth; }
  void set_null() { kind = Kind::null; }
  void set_truth(bool value) {
    kind = Kind::boolean;
    truth = value;
  }
  void set_whole(std::int64_t value) {
    kind = Kind::whole;
    whole = value;
  }
  void set_real(double value) {
    kind = Kind::real;
    real = value;
  }
  void set_decimal(kernels::Int128 value) {
    kind = Kind::decimal;
    decimal = value;
  }
  void set_text(std::string_view value) {
    kind = Kind::text;
    text.assign(value);
  }
};

/// What a node of a program does with its parts, as SQL does it: three truth values, null in null out.
enum class RowOp : std::uint8_t {
  constant,
  slot,
  kernel,         // one of `kernels`, by the kinds of its arguments
  real_function,  // a function of one real number
  atan2,
  add,
  subtract,
  multiply,
  bits_and,
  bits_or,
  divide,
  floor_divide,
  modulo,
  minus,
  equal,
  differ,
  less,
  less_or_equal,
  more,
  more_or_equal,
  distinct,      // IS DISTINCT FROM
  not_distinct,  // IS NOT DISTINCT FROM
  both,
  either,
  exclusive_or,
  negation,
  is_null,
  is_not_null,
  is_nan,
  is_infinite,
  is_finite,
  to_boolean,
  to_int,
  to_long,
  to_real,
  to_decimal,
  to_text,
  choose,   // condition, value, …, otherwise
  in_list,  // value, candidates …
  coalesce,
  null_if,
  greatest,
  least,
  magnitude,
  sign,
  join,    // texts one after another, nulls left out
  append,  // ||
  lower,
  upper,
  length,  // bytes
  json_type,
};

struct RowNode {
  RowOp op = RowOp::constant;
  std::vector<RowNode> parts;
  Cell value;             // constant
  std::size_t index = 0;  // slot; of a kernel the place of its state
  std::vector<const kernels::Kernel*> kernels;
  double (*function)(double) = nullptr;  // real_function
  bool lenient = false;                  // a conversion that fails gives null, not an error
};

/// An expression over the cells of one row and whatever else `slots` show, made once and run for each row: for algorithms whose next
/// row depends on the last, where no engine can run whole columns.
struct RowProgram {
  RowNode root;
  std::size_t kernel_states = 0;
};

/// Runs one program; keeps the state of its kernels. One thread.
class RowMachine {
 public:
  explicit RowMachine(const RowProgram& program);
  ~RowMachine();
  RowMachine(const RowMachine&) = delete;
  RowMachine& operator=(const RowMachine&) = delete;

  /// A slot that is null shows null. Errors: an overflow, or a conversion that fails.
  Status run(std::span<const Cell* const> slots, Cell& result);

 private:
  struct KernelCall;
  void value(const RowNode& node, Cell& out);
  void arithmetic(const RowNode& node, Cell& out);
  void comparison(const RowNode& node, Cell& out);
  void conversion(const RowNode& node, Cell& out);
  void kernel(const RowNode& node, Cell& out);
  void fail(ErrorCode code, std::string message);

  const RowProgram& program_;
  std::vector<void*> states_;
  std::vector<const kernels::Kernel*> state_of_;
  std::span<const Cell* const> slots_;
  std::optional<Error> error_;
};

}  // namespace wardian::algorithm

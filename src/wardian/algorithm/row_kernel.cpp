// Kernels over one row: what the engine runs over whole vectors.
#include <algorithm>
#include <cmath>

#include "wardian/algorithm/row_values.h"

namespace wardian::algorithm {
namespace {

using kernels::Kernel;
using kernels::ValueType;
using Kind = Cell::Kind;

/// Where one argument or result lies in memory.
union Place {
  bool truth;
  std::int32_t int32;
  std::int64_t int64 = 0;
  double real;
};
struct Argument {
  Place place;
  alignas(16) kernels::Int128 wide = 0;
  std::string_view text;
  std::uint64_t valid = 1;
};

class OneResult final : public kernels::ResultColumn {
 public:
  OneResult(void* values, Cell& out) : ResultColumn(values), out_(out) {}
  void set_null(std::size_t) override { is_null = true; }
  void set_text(std::size_t, std::string_view text) override { out_.set_text(text); }

  bool is_null = false;

 private:
  Cell& out_;
};

ValueType type_of(const Kernel& kernel, std::size_t argument) {
  return kernel.arguments[std::min(argument, kernel.arguments.size() - 1)];
}

bool takes_count(const Kernel& kernel, std::size_t count) {
  const std::size_t named = kernel.arguments.size();
  return kernel.repeats_last ? count + 1 >= named : count == named;
}

bool takes(ValueType type, Kind kind) {
  switch (kind) {
    case Kind::null: return true;
    case Kind::boolean: return type == ValueType::boolean;
    case Kind::whole: return type == ValueType::int32 || type == ValueType::int64;
    case Kind::decimal: return type == ValueType::decimal;
    case Kind::real: return type == ValueType::real;
    case Kind::text: return type == ValueType::text;
  }
  return false;
}

const Kernel* fitting(const std::vector<const Kernel*>& kernels, std::span<const Cell> cells) {
  const Kernel* by_count = nullptr;
  for (const Kernel* kernel : kernels) {
    if (!takes_count(*kernel, cells.size())) continue;
    if (by_count == nullptr) by_count = kernel;
    bool all = true;
    for (std::size_t at = 0; at < cells.size(); ++at) all = all && takes(type_of(*kernel, at), cells[at].kind);
    if (all) return kernel;
  }
  return by_count;
}

/// Puts the value where the kernel reads it; false where it cannot be had as that type.
bool place(const Cell& cell, ValueType type, Argument& argument) {
  if (cell.is_null()) {
    argument.valid = 0;
    return true;
  }
  switch (type) {
    case ValueType::boolean: argument.place.truth = as_truth(cell); return true;
    case ValueType::int32:
    case ValueType::int64: {
      Cell whole = cell;
      if (!converted(type == ValueType::int32 ? RowOp::to_int : RowOp::to_long, whole)) return false;
      if (type == ValueType::int32)
        argument.place.int32 = static_cast<std::int32_t>(whole.whole);
      else
        argument.place.int64 = whole.whole;
      return true;
    }
    case ValueType::real: argument.place.real = as_real(cell); return true;
    case ValueType::int128:
      if (cell.kind != Kind::whole) return false;
      argument.wide = cell.whole;
      return true;
    case ValueType::decimal: {
      const auto made = as_decimal(cell);
      if (made) argument.wide = *made;
      return made.has_value();
    }
    case ValueType::text:
      if (cell.kind != Kind::text) return false;
      argument.text = cell.text;
      return true;
    case ValueType::texts: return false;  // no argument is one
  }
  return false;
}

const void* address(const Argument& argument, ValueType type) {
  switch (type) {
    case ValueType::int128:
    case ValueType::decimal: return &argument.wide;
    case ValueType::text: return &argument.text;
    default: return &argument.place;
  }
}

}  // namespace

void RowMachine::kernel(const RowNode& node, Cell& out) {
  std::vector<Cell> cells(node.parts.size());
  for (std::size_t at = 0; at < cells.size(); ++at) value(node.parts[at], cells[at]);
  const Kernel* const kernel = fitting(node.kernels, cells);
  std::vector<Argument> arguments(cells.size());
  std::vector<kernels::Column> columns;
  columns.reserve(cells.size());
  for (std::size_t at = 0; at < cells.size(); ++at) {
    const ValueType type = type_of(*kernel, at);
    if (!place(cells[at], type, arguments[at])) {
      fail(ErrorCode::overflow, "A value cannot be converted");
      return out.set_null();
    }
    columns.push_back({address(arguments[at], type), &arguments[at].valid});
  }
  void*& state = states_[node.index];
  if (kernel->make_state != nullptr && state_of_[node.index] != kernel) {
    if (state != nullptr) state_of_[node.index]->free_state(state);
    state = kernel->make_state();
    state_of_[node.index] = kernel;
  }
  Argument made;
  OneResult result(const_cast<void*>(address(made, kernel->result)), out);
  kernel->run(columns, 1, result, kernel->make_state != nullptr ? state : nullptr);
  if (result.is_null) return out.set_null();
  switch (kernel->result) {
    case ValueType::boolean: return out.set_truth(made.place.truth);
    case ValueType::int32: return out.set_whole(made.place.int32);
    case ValueType::int64: return out.set_whole(made.place.int64);
    case ValueType::real: return out.set_real(made.place.real);
    case ValueType::int128:
      if (made.wide < INT64_MIN || made.wide > INT64_MAX) {
        fail(ErrorCode::overflow, "A number is too large");
        return out.set_null();
      }
      return out.set_whole(static_cast<std::int64_t>(made.wide));
    case ValueType::decimal: return out.set_decimal(made.wide);
    case ValueType::text: return;
    case ValueType::texts: return out.set_null();  // rows are made of lists in SQL alone
  }
}

}  // namespace wardian::algorithm

#include <memory>
#include <string>
#include <vector>

#include "wardian/engine/handles.h"
#include "wardian/engine/kernel_registration.h"
#include "wardian/engine/kernel_vectors.h"
#include "wardian/kernels/aggregate_table.h"

namespace wardian::engine {
namespace {

using kernels::AggregateKernel;

/// Before a kernel's state the way to end it: the engine destroys states without saying whose they are.
struct alignas(__STDCPP_DEFAULT_NEW_ALIGNMENT__) Held {
  const AggregateKernel* kernel;
};
void* state_in(Held* held) { return held + 1; }
/// What the engine keeps for a group; made with the first row.
struct Slot {
  Held* held;
};

const AggregateKernel& kernel_of(duckdb_function_info info) {
  return *static_cast<const AggregateKernel*>(duckdb_aggregate_function_get_extra_info(info));
}
Slot& slot(duckdb_aggregate_state state) { return *reinterpret_cast<Slot*>(state); }

void* state_of(const AggregateKernel& kernel, Slot& slot) {
  if (slot.held == nullptr) {
    auto room = std::make_unique<char[]>(sizeof(Held) + kernel.state_size);
    kernel.begin_state(state_in(new (room.get()) Held{&kernel}));
    slot.held = reinterpret_cast<Held*>(room.release());
  }
  return state_in(slot.held);
}

// The engine calls these across its C boundary, so nothing may be thrown out of them.
idx_t state_size(duckdb_function_info) { return sizeof(Slot); }
void init_state(duckdb_function_info, duckdb_aggregate_state state) { slot(state).held = nullptr; }
void destroy_states(duckdb_aggregate_state* states, idx_t count) {
  for (idx_t i = 0; i < count; ++i) {
    Held* held = slot(states[i]).held;
    if (held == nullptr) continue;
    held->kernel->end_state(state_in(held));
    delete[] reinterpret_cast<char*>(held);
    slot(states[i]).held = nullptr;
  }
}

void update_states(duckdb_function_info info, duckdb_data_chunk input, duckdb_aggregate_state* states) {
  const AggregateKernel& kernel = kernel_of(info);
  try {
    ChunkColumns columns;
    columns.view(input, kernel.arguments);
    std::vector<void*> of_rows(columns.rows());
    for (std::size_t row = 0; row < columns.rows(); ++row) of_rows[row] = state_of(kernel, slot(states[row]));
    kernel.update(of_rows.data(), columns.columns(), columns.rows());
  } catch (const std::exception& failure) {
    duckdb_aggregate_function_set_error(info, failure.what());
  }
}

void combine_states(duckdb_function_info info, duckdb_aggregate_state* sources, duckdb_aggregate_state* targets, idx_t count) {
  const AggregateKernel& kernel = kernel_of(info);
  try {
    for (idx_t i = 0; i < count; ++i) {
      Held* source = slot(sources[i]).held;
      if (source != nullptr) kernel.combine(state_of(kernel, slot(targets[i])), state_in(source));
    }
  } catch (const std::exception& failure) {
    duckdb_aggregate_function_set_error(info, failure.what());
  }
}

void finalize_states(duckdb_function_info info, duckdb_aggregate_state* states, duckdb_vector output, idx_t count, idx_t offset) {
  const AggregateKernel& kernel = kernel_of(info);
  try {
    VectorResult result(output);
    for (idx_t i = 0; i < count; ++i) {
      Held* held = slot(states[i]).held;
      if (held == nullptr)
        result.set_null(offset + i);
      else
        kernel.finalize(state_in(held), result, offset + i);
    }
  } catch (const std::exception& failure) {
    duckdb_aggregate_function_set_error(info, failure.what());
  }
}

}  // namespace

Status register_aggregate_kernels(duckdb_connection connection) {
  for (const std::span<const AggregateKernel> family : kernels::aggregate_families()) {
    for (const AggregateKernel& kernel : family) {
      duckdb_aggregate_function function = duckdb_create_aggregate_function();
      const std::string name(kernel.name);
      duckdb_aggregate_function_set_name(function, name.c_str());
      for (const kernels::ValueType type : kernel.arguments) {
        duckdb_aggregate_function_add_parameter(function, logical_type(type).get());
      }
      duckdb_aggregate_function_set_return_type(function, logical_type(kernel.result).get());
      duckdb_aggregate_function_set_functions(function, &state_size, &init_state, &update_states, &combine_states,
                                              &finalize_states);
      duckdb_aggregate_function_set_destructor(function, &destroy_states);
      duckdb_aggregate_function_set_special_handling(function);
      duckdb_aggregate_function_set_extra_info(function, const_cast<AggregateKernel*>(&kernel), nullptr);
      const duckdb_state state = duckdb_register_aggregate_function(connection, function);
      duckdb_destroy_aggregate_function(&function);
      if (state != DuckDBSuccess) {
        return Error{ErrorCode::internal, "An aggregate cannot be registered: " + name, {}, {}};
      }
    }
  }
  return {};
}

}  // namespace wardian::engine

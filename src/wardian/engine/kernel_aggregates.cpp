#include <cstddef>
#include <new>
#include <string>
#include <vector>

#include "wardian/engine/handles.h"
#include "wardian/engine/kernel_registration.h"
#include "wardian/engine/kernel_vectors.h"
#include "wardian/kernels/aggregate_table.h"

namespace wardian::engine {
namespace {

using kernels::AggregateKernel;

/// What the engine keeps for a group; begun with the first row. The engine destroys states without saying whose they are, and
/// moves those of a hash table as bytes: states that bear it follow at once, which saves an allocation a group, others by a pointer.
struct Slot {
  const AggregateKernel* kernel;
  void* elsewhere;
};

const AggregateKernel& kernel_of(duckdb_function_info info) {
  return *static_cast<const AggregateKernel*>(duckdb_aggregate_function_get_extra_info(info));
}
Slot& slot(duckdb_aggregate_state state) { return *reinterpret_cast<Slot*>(state); }

/// Of a slot that has begun.
void* state_in(Slot& slot) { return slot.kernel->moves_as_bytes ? &slot.elsewhere : slot.elsewhere; }

void begin(const AggregateKernel& kernel, Slot& slot) {
  if (!kernel.moves_as_bytes) slot.elsewhere = ::operator new(kernel.state_size);
  kernel.begin_state(kernel.moves_as_bytes ? &slot.elsewhere : slot.elsewhere);
  slot.kernel = &kernel;
}

// The engine calls these across its C boundary, so nothing may be thrown out of them.
idx_t state_size(duckdb_function_info info) {
  const AggregateKernel& kernel = kernel_of(info);
  return kernel.moves_as_bytes ? offsetof(Slot, elsewhere) + kernel.state_size : sizeof(Slot);
}
void init_state(duckdb_function_info, duckdb_aggregate_state state) { slot(state).kernel = nullptr; }
void destroy_states(duckdb_aggregate_state* states, idx_t count) {
  for (idx_t i = 0; i < count; ++i) {
    Slot& each = slot(states[i]);
    if (each.kernel == nullptr) continue;
    each.kernel->end_state(state_in(each));
    if (!each.kernel->moves_as_bytes) ::operator delete(each.elsewhere);
    each.kernel = nullptr;
  }
}

void update_states(duckdb_function_info info, duckdb_data_chunk input, duckdb_aggregate_state* states) {
  const AggregateKernel& kernel = kernel_of(info);
  try {
    static thread_local ChunkColumns columns;  // its room, and that of the states, is asked for once a thread, not once a chunk
    columns.view(input, kernel.arguments);
    static thread_local std::vector<void*> of_rows;
    of_rows.resize(columns.rows());
    for (std::size_t row = 0; row < columns.rows(); ++row) {
      Slot& each = slot(states[row]);
      if (each.kernel == nullptr) [[unlikely]]
        begin(kernel, each);
      of_rows[row] = kernel.moves_as_bytes ? &each.elsewhere : each.elsewhere;
    }
    kernel.update(of_rows.data(), columns.columns(), columns.rows());
  } catch (const std::exception& failure) {
    duckdb_aggregate_function_set_error(info, failure.what());
  }
}

void combine_states(duckdb_function_info info, duckdb_aggregate_state* sources, duckdb_aggregate_state* targets, idx_t count) {
  const AggregateKernel& kernel = kernel_of(info);
  try {
    for (idx_t i = 0; i < count; ++i) {
      Slot& source = slot(sources[i]);
      if (source.kernel == nullptr) continue;
      Slot& target = slot(targets[i]);
      if (target.kernel == nullptr) begin(kernel, target);
      kernel.combine(state_in(target), state_in(source));
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
      Slot& each = slot(states[i]);
      if (each.kernel == nullptr)
        result.set_null(offset + i);
      else
        kernel.finalize(state_in(each), result, offset + i);
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

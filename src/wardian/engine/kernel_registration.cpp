#include "wardian/engine/kernel_registration.h"

#include <string>

#include "wardian/engine/handles.h"
#include "wardian/engine/kernel_vectors.h"
#include "wardian/kernels/kernel_table.h"

namespace wardian::engine {

namespace {

using kernels::Kernel;

/// One use of a kernel by one thread: its own state and the views of its arguments.
struct Use {
  const Kernel* kernel = nullptr;
  void* state = nullptr;
  ChunkColumns columns;

  ~Use() {
    if (state != nullptr) kernel->free_state(state);
  }
};

// The engine calls these across its C boundary, so nothing may be thrown out of them.
void init_use(duckdb_init_info info) {
  const auto* kernel = static_cast<const Kernel*>(duckdb_scalar_function_init_get_extra_info(info));
  auto use = std::make_unique<Use>();
  use->kernel = kernel;
  if (kernel->make_state != nullptr) use->state = kernel->make_state();
  duckdb_scalar_function_init_set_state(info, use.release(), [](void* held) { delete static_cast<Use*>(held); });
}

void run_kernel(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  auto& use = *static_cast<Use*>(duckdb_scalar_function_get_state(info));
  try {
    use.columns.view(input, use.kernel->arguments);
    VectorResult result(output);
    use.kernel->run(use.columns.columns(), use.columns.rows(), result, use.state);
  } catch (const std::exception& failure) {
    duckdb_scalar_function_set_error(info, failure.what());
  }
}

Status register_kernel(duckdb_connection connection, const Kernel& kernel) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  const std::string name(kernel.name);
  duckdb_scalar_function_set_name(function, name.c_str());
  const std::size_t fixed = kernel.arguments.size() - (kernel.repeats_last ? 1 : 0);
  for (std::size_t i = 0; i < fixed; ++i) {
    duckdb_scalar_function_add_parameter(function, logical_type(kernel.arguments[i]).get());
  }
  if (kernel.repeats_last) {
    duckdb_scalar_function_set_varargs(function, logical_type(kernel.arguments.back()).get());
  }
  duckdb_scalar_function_set_return_type(function, logical_type(kernel.result).get());
  // Kernels decide about nulls themselves; without this the engine would answer null before asking.
  duckdb_scalar_function_set_special_handling(function);
  duckdb_scalar_function_set_extra_info(function, const_cast<Kernel*>(&kernel), nullptr);
  duckdb_scalar_function_set_init(function, &init_use);
  duckdb_scalar_function_set_function(function, &run_kernel);
  const duckdb_state state = duckdb_register_scalar_function(connection, function);
  duckdb_destroy_scalar_function(&function);
  if (state == DuckDBSuccess) return {};
  return Error{ErrorCode::internal, "A kernel cannot be registered: " + name, {}, {}};
}

}  // namespace

Status register_kernels(duckdb_connection connection) {
  for (const std::span<const Kernel> family : kernels::kernel_families()) {
    for (const Kernel& kernel : family) WARDIAN_TRY(register_kernel(connection, kernel));
  }
  return register_aggregate_kernels(connection);
}

}  // namespace wardian::engine

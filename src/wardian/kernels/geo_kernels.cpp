#include <dlfcn.h>

#include <stdexcept>

#include "wardian/kernels/geo_functions.h"
#include "wardian/kernels/kernel_families.h"

namespace wardian::kernels {
namespace {

/// The module's rows, which it is loaded for at the first call of any: its libraries take longer to load than most queries
/// run. Never closed. Null where it cannot be loaded.
const Kernel* module_rows() {
  static const Kernel* const rows = []() -> const Kernel* {
    void* const opened = ::dlopen(geo::kModule, RTLD_NOW | RTLD_LOCAL);
    void* const entry = opened == nullptr ? nullptr : ::dlsym(opened, geo::kModuleEntry);
    return entry == nullptr ? nullptr : reinterpret_cast<geo::ModuleEntry>(entry)();
  }();
  return rows;
}

/// A row whose work is done by the module's row at the same position. What types it takes, the declaration tells.
template <auto function, std::size_t position>
constexpr Kernel row() {
  using Lifted = lift_detail::Lifted<function>;
  Kernel made{geo::kNames[position],
              Lifted::kTypes,
              Lifted::repeats(typename Lifted::Values{}),
              Lifted::result_type(),
              [](std::span<const Column> columns, std::size_t rows, ResultColumn& result, void* state) {
                const Kernel* const module = module_rows();
                if (module == nullptr) {
                  throw std::runtime_error("The library of the geospatial functions, libwardian_geo.so, cannot be loaded");
                }
                module[position].run(columns, rows, result, state);
              },
              nullptr,
              nullptr};
  if constexpr (Lifted::has_state) {
    made.make_state = []() -> void* {
      const Kernel* const module = module_rows();
      return module == nullptr ? nullptr : module[position].make_state();
    };
    made.free_state = [](void* state) { module_rows()[position].free_state(state); };
  }
  return made;
}

template <auto... functions, std::size_t... positions>
constexpr auto all_rows(geo::FunctionList<functions...>, std::index_sequence<positions...>) {
  return std::array<Kernel, sizeof...(functions)>{row<functions, positions>()...};
}

constexpr auto kKernels = all_rows(geo::Functions{}, std::make_index_sequence<geo::Functions::size>{});

}  // namespace

std::span<const Kernel> geo_kernels() { return kKernels; }

}  // namespace wardian::kernels

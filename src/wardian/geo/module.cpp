#include "wardian/geo/ip_database.h"
#include "wardian/geo/lookup_index.h"
#include "wardian/geo/shape_cache.h"
#include "wardian/kernels/geo_functions.h"

/// What the program finds when it loads this module: the rows of the table, each with the function behind it.
namespace wardian::geo {
namespace {

using kernels::Column;
using kernels::Kernel;
using kernels::ResultColumn;

template <auto function>
constexpr Kernel row(std::string_view name) {
  using Lifted = kernels::lift_detail::Lifted<function>;
  Kernel made = kernels::kernel<function>(name);
  if constexpr (requires(typename Lifted::State& state) { state.start_chunk(); }) {
    made.run = [](std::span<const Column> columns, std::size_t rows, ResultColumn& result, void* state) {
      static_cast<typename Lifted::State*>(state)->start_chunk();
      using Values = typename Lifted::Values;
      Lifted::run(Values{}, Lifted::positions(Values{}), columns, rows, result, state);
    };
  }
  return made;
}

template <auto... functions, std::size_t... positions>
constexpr auto all_rows(FunctionList<functions...>, std::index_sequence<positions...>) {
  return std::array<Kernel, sizeof...(functions)>{row<functions>(kNames[positions])...};
}

constexpr auto kRows = all_rows(Functions{}, std::make_index_sequence<Functions::size>{});

}  // namespace
}  // namespace wardian::geo

extern "C" [[gnu::visibility("default")]] const wardian::kernels::Kernel* wardian_geo_kernels() {
  return wardian::geo::kRows.data();
}

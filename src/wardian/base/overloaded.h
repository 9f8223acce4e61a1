#pragma once

namespace wardian {

/// std::visit over a closed set of nodes, one lambda a case; a forgotten case does not compile.
template <class... F>
struct overloaded : F... {
  using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;

}  // namespace wardian

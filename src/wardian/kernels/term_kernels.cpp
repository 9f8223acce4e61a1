#include <optional>

#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/term_finder.h"

namespace wardian::kernels {
namespace {

/// What was wanted last, which is nearly always a constant.
template <bool with_case, bool whole_start, bool whole_end>
class TermCache {
 public:
  const TermFinder& find(Text wanted) {
    if (!finder_ || wanted_ != wanted) {
      finder_.emplace(wanted, TermFinder::Rule{with_case, whole_start, whole_end});
      wanted_ = wanted;
    }
    return *finder_;
  }

 private:
  std::string wanted_;
  std::optional<TermFinder> finder_;
};

template <bool with_case, bool whole_start, bool whole_end>
bool has(TermCache<with_case, whole_start, whole_end>& cache, Text text, Text wanted) {
  return cache.find(wanted).is_in(text);
}

constexpr Kernel kKernels[] = {
    kernel<&has<false, false, false>>("wardian_contains"),   kernel<&has<false, true, true>>("wardian_has"),
    kernel<&has<true, true, true>>("wardian_has_cs"),        kernel<&has<false, true, false>>("wardian_hasprefix"),
    kernel<&has<true, true, false>>("wardian_hasprefix_cs"), kernel<&has<false, false, true>>("wardian_hassuffix"),
    kernel<&has<true, false, true>>("wardian_hassuffix_cs"),
};

}  // namespace

std::span<const Kernel> term_kernels() { return kKernels; }

}  // namespace wardian::kernels

#include <string>
#include <vector>

#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"

// The elements of a dynamic value, which mv-expand makes rows of.
namespace wardian::kernels {
namespace {

/// An array's elements; a bag's properties, each as a bag of its own or as [key, value]; one null for null; any other value is its
/// own only element. An empty array has none, so that its row vanishes, as in the original.
class Elements {
 public:
  Texts of(std::optional<Text> json, bool as_pairs) {
    texts_.clear();
    properties_.clear();
    const JsonKind kind = json ? json_kind(*json) : JsonKind::null;
    if (kind == JsonKind::array) {
      for (JsonWalk walk(*json); walk.next();)
        texts_.push_back(walk.value() == "null" ? std::nullopt : std::optional(walk.value()));
    } else if (kind == JsonKind::object) {
      for (JsonWalk walk(*json); walk.next();) add_property(walk, as_pairs);
      texts_.assign(properties_.begin(), properties_.end());
    } else {
      texts_.push_back(kind == JsonKind::null ? std::nullopt : json);
    }
    return texts_;
  }

 private:
  void add_property(const JsonWalk& walk, bool as_pair) {
    std::string& made = properties_.emplace_back(as_pair ? "[" : "{");
    made.append(walk.key()).append(as_pair ? "," : ":").append(walk.value()).append(as_pair ? "]" : "}");
  }

  std::vector<std::optional<Text>> texts_;
  std::vector<std::string> properties_;
};

template <bool as_pairs>
void run(std::span<const Column> arguments, std::size_t rows, ResultColumn& result, void*) {
  Elements elements;
  const auto* values = static_cast<const Text*>(arguments[0].values);
  for (std::size_t row = 0; row < rows; ++row) {
    result.set_texts(row, elements.of(arguments[0].is_valid(row) ? std::optional(values[row]) : std::nullopt, as_pairs));
  }
}

constexpr std::array kArguments = {ValueType::text};
constexpr Kernel kKernels[] = {
    {"wardian_elements", kArguments, false, ValueType::texts, &run<false>},
    {"wardian_elements_or_pairs", kArguments, false, ValueType::texts, &run<true>},
};

}  // namespace

std::span<const Kernel> expand_kernels() { return kKernels; }

}  // namespace wardian::kernels

#include <algorithm>
#include <array>

#include "wardian/kql/functions/function_families.h"

namespace wardian::kql {
namespace {

constexpr char kSignature[] = "(value: float, from: string, to: string) -> real";
constexpr char kSummary[] = "The value in another unit of the quantity; null for an unknown unit.";

constexpr auto kFunctions = std::to_array<KqlFunction>({
    {"convert_angle", kSignature, {"wardian_convert_angle"}, kSummary},
    {"convert_energy", kSignature, {"wardian_convert_energy"}, kSummary},
    {"convert_force", kSignature, {"wardian_convert_force"}, kSummary},
    {"convert_length", kSignature, {"wardian_convert_length"}, kSummary},
    {"convert_mass", kSignature, {"wardian_convert_mass"}, kSummary},
    {"convert_speed", kSignature, {"wardian_convert_speed"}, kSummary},
    {"convert_temperature", kSignature, {"wardian_convert_temperature"}, kSummary},
    {"convert_volume", kSignature, {"wardian_convert_volume"}, kSummary},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &KqlFunction::name));

}  // namespace

std::span<const KqlFunction> unit_functions() { return kFunctions; }

}  // namespace wardian::kql

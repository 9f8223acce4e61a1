#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/xxhash.h"

namespace wardian::kernels {
namespace {

template <class Value>
std::int64_t hash_value(Value value) {
  return static_cast<std::int64_t>(xxhash64({reinterpret_cast<const char*>(&value), sizeof value}));
}
std::int64_t hash_text(Text text) { return static_cast<std::int64_t>(xxhash64(text)); }
std::int64_t hash_long(std::int64_t value) { return hash_value(value); }
std::int64_t hash_int(std::int32_t value) { return hash_value(value); }
std::int64_t hash_real(double value) { return hash_value(value); }
std::int64_t hash_bool(bool value) { return hash_value(static_cast<std::uint8_t>(value)); }

/// The remainder of the hash's 64 bits without a sign; null by a modulus that is not above zero.
std::optional<std::int64_t> hash_modulo(std::int64_t hash, std::int64_t modulus) {
  if (modulus <= 0) return std::nullopt;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(hash) % static_cast<std::uint64_t>(modulus));
}

/// How the language mixes hashes is told nowhere; here XXH64 of both in turn, so that the order counts.
std::int64_t hash_combine(std::int64_t first, std::int64_t second) {
  const std::int64_t both[] = {first, second};
  return static_cast<std::int64_t>(xxhash64({reinterpret_cast<const char*>(both), sizeof both}));
}

constexpr Kernel kKernels[] = {
    kernel<&hash_combine>("wardian_hash_combine"), kernel<&hash_bool>("wardian_hash_bool"),
    kernel<&hash_int>("wardian_hash_int"),         kernel<&hash_long>("wardian_hash_long"),
    kernel<&hash_modulo>("wardian_hash_modulo"),   kernel<&hash_real>("wardian_hash_real"),
    kernel<&hash_text>("wardian_hash_text"),
};

}  // namespace

std::span<const Kernel> hash_kernels() { return kKernels; }

}  // namespace wardian::kernels

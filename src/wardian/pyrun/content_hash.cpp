#include "wardian/pyrun/content_hash.h"

#include <nettle/sha2.h>

#include <array>

namespace wardian::pyrun {

struct ContentHash::State {
  sha256_ctx context;
};

ContentHash::ContentHash() : state_(std::make_unique<State>()) { ::sha256_init(&state_->context); }

ContentHash::~ContentHash() = default;

void ContentHash::add(std::span<const std::byte> bytes) {
  ::sha256_update(&state_->context, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

std::string ContentHash::take() {
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
  ::sha256_digest(&state_->context, digest.size(), digest.data());
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace wardian::pyrun

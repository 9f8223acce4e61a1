// The functions without the library's machinery of providers: of libcrypto only they are linked, and nothing is loaded at the start.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "wardian/kernels/content_hash.h"

#include <openssl/sha.h>

#include <array>

#include "wardian/base/hexadecimal.h"

namespace wardian::kernels {

struct ContentHash::State {
  SHA256_CTX context;
};

ContentHash::ContentHash() : state_(std::make_unique<State>()) { ::SHA256_Init(&state_->context); }

ContentHash::~ContentHash() = default;

void ContentHash::add(std::span<const std::byte> bytes) { ::SHA256_Update(&state_->context, bytes.data(), bytes.size()); }

std::string ContentHash::take() {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  ::SHA256_Final(digest.data(), &state_->context);
  ::SHA256_Init(&state_->context);
  return hexadecimal(std::as_bytes(std::span(digest)));
}

std::string content_hash(std::string_view bytes) {
  ContentHash hash;
  hash.add(std::as_bytes(std::span(bytes)));
  return hash.take();
}

}  // namespace wardian::kernels

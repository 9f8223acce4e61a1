// The functions without the library's machinery of providers: of libcrypto only they are linked, and nothing is loaded at the start.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "wardian/catalog/sha256.h"

#include <openssl/sha.h>

#include <array>

namespace wardian::catalog {

std::string sha256_text(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(digest.data(), &context);
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += kHex[byte >> 4U];
    text += kHex[byte & 15U];
  }
  return text;
}

}  // namespace wardian::catalog

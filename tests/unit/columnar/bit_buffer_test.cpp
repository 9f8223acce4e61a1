#include "wardian/columnar/bit_buffer.h"

#include <gtest/gtest.h>

namespace wardian::columnar {
namespace {

TEST(BitBuffer, KeepsBitsOfEverySourceInOrder) {
  BitBuffer buffer;
  std::vector<bool> expected;
  std::uint64_t state = 1;
  for (const std::size_t count : {1UL, 63UL, 64UL, 65UL, 5UL, 200UL}) {
    std::vector<std::uint8_t> bytes(count);
    std::vector<std::uint64_t> words((count + 63) / 64, ~std::uint64_t{0});
    for (std::size_t i = 0; i < count; ++i) {
      state = state * 6364136223846793005ULL + 1;
      bytes[i] = static_cast<std::uint8_t>(state >> 60);
      if (bytes[i] == 0) words[i / 64] &= ~(std::uint64_t{1} << (i % 64));
      expected.push_back(bytes[i] != 0);
    }
    if (count % 2 == 0) {
      buffer.append_bits(words, count);
    } else {
      buffer.append_bytes(bytes);
    }
    buffer.append_ones(count);
    expected.insert(expected.end(), count, true);
  }
  ASSERT_EQ(buffer.size(), expected.size());
  std::uint64_t ones = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ((buffer.words()[i / 64] >> (i % 64) & 1U) != 0, expected[i]) << i;
    ones += expected[i] ? 1 : 0;
  }
  EXPECT_EQ(buffer.ones(), ones);
}

}  // namespace
}  // namespace wardian::columnar

#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace wardian::columnar {

/// A growing sequence of bits, least significant first, as validity maps and bool columns need it.
class BitBuffer {
 public:
  std::uint64_t size() const { return size_; }
  /// Whole words; bits past size() are zero.
  std::span<const std::uint64_t> words() const { return words_; }
  std::uint64_t ones() const {
    std::uint64_t count = 0;
    for (const std::uint64_t word : words_) count += static_cast<std::uint64_t>(std::popcount(word));
    return count;
  }

  void append_ones(std::uint64_t count) {
    for (; count > 0;) {
      const auto bits = static_cast<unsigned>(count < 64 ? count : 64);
      append_word(~std::uint64_t{0}, bits);
      count -= bits;
    }
  }
  void append_bits(std::span<const std::uint64_t> words, std::uint64_t count) {
    for (std::size_t i = 0; count > 0; ++i) {
      const auto bits = static_cast<unsigned>(count < 64 ? count : 64);
      append_word(words[i], bits);
      count -= bits;
    }
  }
  /// For a buffer that is empty as long as all bits are ones: `count` more after the first `before`, without `words` ones again.
  void append_validity(std::uint64_t before, std::span<const std::uint64_t> words, std::uint64_t count) {
    if (words.empty() && size_ == 0) return;
    append_ones(before - size_);
    if (words.empty()) {
      append_ones(count);
    } else {
      append_bits(words, count);
    }
  }
  /// One bit for each byte: 1 where it is not zero.
  void append_bytes(std::span<const std::uint8_t> bytes) {
    for (std::size_t at = 0; at < bytes.size(); at += 64) {
      const auto bits = static_cast<unsigned>(bytes.size() - at < 64 ? bytes.size() - at : 64);
      std::uint64_t word = 0;
      for (unsigned bit = 0; bit < bits; ++bit) word |= std::uint64_t{bytes[at + bit] != 0} << bit;
      append_word(word, bits);
    }
  }

 private:
  /// Appends the low `bits` (1 to 64) bits of `word`.
  void append_word(std::uint64_t word, unsigned bits) {
    if (bits < 64) word &= (std::uint64_t{1} << bits) - 1;
    const auto shift = static_cast<unsigned>(size_ % 64);
    if (shift == 0) {
      words_.push_back(word);
    } else {
      words_.back() |= word << shift;
      if (shift + bits > 64) words_.push_back(word >> (64 - shift));
    }
    size_ += bits;
  }

  std::vector<std::uint64_t> words_;
  std::uint64_t size_ = 0;
};

}  // namespace wardian::columnar

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wardian::kernels {

/// How many different values there were, from their hashes. Up to kExactMax values the hashes themselves are kept and the
/// count is exact; beyond, 2^precision registers, whose standard error is 1.04 / sqrt(2^precision). What it holds depends on
/// the set of values alone, neither on their order nor on how parts of them were merged.
///
/// Sources: Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm"
/// (2007); Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6, for the estimate.
class HyperLogLog {
 public:
  static constexpr int kPrecisionMin = 4, kPrecisionMax = 18;
  static constexpr std::size_t kExactMax = 1024;

  /// The precision that an accuracy of 0 to 4 stands for: errors of 1.6, 0.8, 0.4, 0.28 and 0.2 %.
  static int precision_of(std::int64_t accuracy);

  explicit HyperLogLog(int precision) : precision_(precision) {}

  void add(std::uint64_t hash) {
    if (registers_.empty())
      add_exact(hash);
    else
      add_to_register(hash);
  }
  /// Asks the processor for the memory that add() will touch.
  void prefetch(std::uint64_t hash) const {
    if (!registers_.empty())
      __builtin_prefetch(&registers_[hash >> (64 - precision_)], 1);
    else if (!slots_.empty())  // a few lie here
      __builtin_prefetch(&slots_[hash & (slots_.size() - 1)], 1);
  }
  /// The lesser precision of both holds.
  void merge(const HyperLogLog& other);
  std::int64_t count() const;
  bool is_exact() const { return registers_.empty(); }
  int precision() const { return precision_; }
  /// What is in both; of exact ones only.
  HyperLogLog intersection(const HyperLogLog& other) const;

  /// [[1024, precision], hashes, registers]: the hashes rising, eight bytes each, in base64; a register is one character of
  /// the same alphabet. One of the two texts is empty.
  void append_json(std::string& out) const;
  /// nullopt for all else.
  static std::optional<HyperLogLog> parse(std::string_view json);

 private:
  void add_exact(std::uint64_t hash);
  void add_to_register(std::uint64_t hash);
  void grow();
  void become_registers();
  void lower_precision(int precision);
  /// Each hash that is held while exact, in no order.
  template <class Use>
  void each_hash(Use use) const {
    if (zero_) use(std::uint64_t{0});
    if (slots_.empty()) {
      for (std::size_t at = 0; at < used_; ++at) use(few_[at]);
    } else {
      for (const std::uint64_t hash : slots_) {
        if (hash != 0) use(hash);
      }
    }
  }
  std::vector<std::uint64_t> hashes() const;

  /// Many groups have few values: these need no memory of their own.
  static constexpr std::size_t kFew = 6;

  int precision_;
  bool zero_ = false;                      // the hash 0, which marks a free slot
  std::size_t used_ = 0;                   // slots taken, or of the few
  std::array<std::uint64_t, kFew> few_{};  // while there are no slots
  std::vector<std::uint64_t> slots_;       // open addressing; a power of two
  std::vector<std::uint8_t> registers_;    // empty while exact
};

}  // namespace wardian::kernels

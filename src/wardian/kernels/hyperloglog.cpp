#include "wardian/kernels/hyperloglog.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>
#include <numbers>

#include "wardian/kernels/base64.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/number_text.h"

namespace wardian::kernels {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr auto kRegisterOf = [] {
  std::array<std::int8_t, 256> made{};
  made.fill(-1);
  for (int i = 0; i < 64; ++i) made[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  return made;
}();

std::size_t register_index(std::uint64_t hash, int precision) { return hash >> (64 - precision); }

/// The place of the first bit set behind the index, counted from 1.
std::uint8_t register_value(std::uint64_t hash, int precision) {
  const std::uint64_t rest = (hash << precision) | (std::uint64_t{1} << (precision - 1));
  return static_cast<std::uint8_t>(std::countl_zero(rest) + 1);
}

double sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double y = 1, sum = x, before = 0;
  do {
    x *= x;
    before = sum;
    sum += x * y;
    y += y;
  } while (sum != before);
  return sum;
}

double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1, sum = 1 - x, before = 0;
  do {
    x = std::sqrt(x);
    before = sum;
    y *= 0.5;
    sum -= (1 - x) * (1 - x) * y;
  } while (sum != before);
  return sum / 3;
}

/// The text of a JSON string without escapes, nullopt for anything else.
std::optional<std::string_view> plain_text(std::string_view json) {
  if (json.size() < 2 || json.front() != '"' || json.find('\\') != std::string_view::npos) return std::nullopt;
  return json.substr(1, json.size() - 2);
}

}  // namespace

int HyperLogLog::precision_of(std::int64_t accuracy) {
  constexpr std::array kPrecisions = {12, 14, 16, 17, 18};
  return kPrecisions[static_cast<std::size_t>(std::clamp<std::int64_t>(accuracy, 0, 4))];
}

void HyperLogLog::add_exact(std::uint64_t hash) {
  if (hash == 0) {
    zero_ = true;
  } else if (slots_.empty() && used_ < kFew) {
    for (std::size_t at = 0; at < used_; ++at) {
      if (few_[at] == hash) return;
    }
    few_[used_++] = hash;
  } else {
    if (2 * (used_ + 1) > slots_.size()) grow();
    // The low bits are as good as any: the registers use the high ones.
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at] != 0 && slots_[at] != hash) at = (at + 1) & (slots_.size() - 1);
    if (slots_[at] == hash) return;
    slots_[at] = hash;
    ++used_;
  }
  if (used_ + (zero_ ? 1 : 0) > kExactMax) become_registers();
}

void HyperLogLog::grow() {
  std::vector<std::uint64_t> made(slots_.empty() ? std::bit_ceil(4 * kFew) : 2 * slots_.size(), 0);
  const std::size_t mask = made.size() - 1;
  each_hash([&](std::uint64_t hash) {
    if (hash == 0) return;
    std::size_t at = hash & mask;
    while (made[at] != 0) at = (at + 1) & mask;
    made[at] = hash;
  });
  slots_ = std::move(made);
}

void HyperLogLog::add_to_register(std::uint64_t hash) {
  std::uint8_t& held = registers_[register_index(hash, precision_)];
  held = std::max(held, register_value(hash, precision_));
}

void HyperLogLog::become_registers() {
  registers_.assign(std::size_t{1} << precision_, 0);
  each_hash([this](std::uint64_t hash) { add_to_register(hash); });
  slots_ = {};
  used_ = 0;
  zero_ = false;
}

/// A register of the lesser precision takes over all those whose index it begins; the index bits that it loses come before
/// the bits that they counted.
void HyperLogLog::lower_precision(int precision) {
  const int lost = precision_ - precision;
  precision_ = precision;
  if (lost <= 0 || registers_.empty()) return;
  std::vector<std::uint8_t> made(std::size_t{1} << precision, 0);
  for (std::size_t at = 0; at < registers_.size(); ++at) {
    if (registers_[at] == 0) continue;
    const std::uint64_t low = at & ((std::uint64_t{1} << lost) - 1);
    const int value = low == 0 ? lost + registers_[at] : lost - std::bit_width(low) + 1;
    std::uint8_t& held = made[at >> lost];
    held = std::max(held, static_cast<std::uint8_t>(value));
  }
  registers_ = std::move(made);
}

void HyperLogLog::merge(const HyperLogLog& other) {
  if (other.precision_ < precision_) lower_precision(other.precision_);
  if (other.registers_.empty()) {
    other.each_hash([this](std::uint64_t hash) { add(hash); });
    return;
  }
  if (registers_.empty()) become_registers();
  if (other.precision_ == precision_) {
    for (std::size_t at = 0; at < registers_.size(); ++at) registers_[at] = std::max(registers_[at], other.registers_[at]);
    return;
  }
  HyperLogLog lowered = other;
  lowered.lower_precision(precision_);
  merge(lowered);
}

std::int64_t HyperLogLog::count() const {
  if (registers_.empty()) return static_cast<std::int64_t>(used_ + (zero_ ? 1 : 0));
  const int highest = 64 - precision_;
  std::array<std::int64_t, 66> with_value{};
  for (const std::uint8_t value : registers_) ++with_value[value];
  const auto registers = static_cast<double>(registers_.size());
  double sum = registers * tau(1 - static_cast<double>(with_value[static_cast<std::size_t>(highest) + 1]) / registers);
  for (int value = highest; value >= 1; --value)
    sum = 0.5 * (sum + static_cast<double>(with_value[static_cast<std::size_t>(value)]));
  sum += registers * sigma(static_cast<double>(with_value[0]) / registers);
  const double estimate = registers * registers / (2 * std::numbers::ln2 * sum);
  // Registers that are all full say no more than that there were very many.
  return estimate < 9.2e18 ? std::llround(estimate) : std::numeric_limits<std::int64_t>::max();
}

std::vector<std::uint64_t> HyperLogLog::hashes() const {
  std::vector<std::uint64_t> made;
  made.reserve(used_ + 1);
  each_hash([&](std::uint64_t hash) { made.push_back(hash); });
  std::ranges::sort(made);
  return made;
}

HyperLogLog HyperLogLog::intersection(const HyperLogLog& other) const {
  HyperLogLog made(std::min(precision_, other.precision_));
  const std::vector<std::uint64_t> mine = hashes(), theirs = other.hashes();
  std::vector<std::uint64_t> both;
  std::ranges::set_intersection(mine, theirs, std::back_inserter(both));
  for (const std::uint64_t hash : both) made.add(hash);
  return made;
}

void HyperLogLog::append_json(std::string& out) const {
  out += "[[";
  append_long(out, static_cast<std::int64_t>(kExactMax));
  out += ',';
  append_long(out, precision_);
  out += "],\"";
  if (registers_.empty()) {
    std::string bytes;
    for (const std::uint64_t hash : hashes()) {
      for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(hash >> shift);
    }
    append_base64(out, bytes);
  }
  out += "\",\"";
  for (const std::uint8_t value : registers_) out += kAlphabet[value];
  out += "\"]";
}

std::optional<HyperLogLog> HyperLogLog::parse(std::string_view json) {
  std::vector<std::string_view> parts, head;
  if (!split_json_array(json, parts) || parts.size() != 3 || !split_json_array(parts[0], head) || head.size() != 2) return {};
  const auto precision = parse_exact_long(head[1]);
  const auto hashes = plain_text(parts[1]), registers = plain_text(parts[2]);
  if (!precision || *precision < kPrecisionMin || *precision > kPrecisionMax || !hashes || !registers) return {};
  HyperLogLog made(static_cast<int>(*precision));
  if (!registers->empty()) {
    if (registers->size() != std::size_t{1} << *precision || !hashes->empty()) return {};
    made.registers_.reserve(registers->size());
    for (const char c : *registers) {
      const std::int8_t value = kRegisterOf[static_cast<unsigned char>(c)];
      if (value < 0 || value > 64 - *precision + 1) return {};
      made.registers_.push_back(static_cast<std::uint8_t>(value));
    }
    return made;
  }
  std::string bytes;
  if (hashes->size() > 12 * kExactMax || !append_base64_decoded(bytes, *hashes) || bytes.size() % 8 != 0) return {};
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t hash = 0;
    for (std::size_t byte = 0; byte < 8; ++byte) hash = (hash << 8) | static_cast<unsigned char>(bytes[at + byte]);
    made.add(hash);
  }
  return made;
}

}  // namespace wardian::kernels

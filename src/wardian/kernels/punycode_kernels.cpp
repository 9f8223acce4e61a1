#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/utf8.h"

// Source: RFC 3492. Letters keep their case, as the functions of the language do.
namespace wardian::kernels {
namespace {

constexpr std::uint32_t kBase = 36, kLeast = 1, kMost = 26, kSkew = 38, kDamp = 700, kFirstBias = 72, kFirst = 128;

std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool first) {
  delta = first ? delta / kDamp : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  while (delta > (kBase - kLeast) * kMost / 2) {
    delta /= kBase - kLeast;
    k += kBase;
  }
  return k + (kBase - kLeast + 1) * delta / (delta + kSkew);
}

std::uint32_t threshold(std::uint32_t k, std::uint32_t bias) {
  return k <= bias + kLeast ? kLeast : k >= bias + kMost ? kMost : k - bias;
}

char digit(std::uint32_t value) { return static_cast<char>(value < 26 ? 'a' + value : '0' + value - 26); }
int digit_value(char c) {
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= '0' && c <= '9') return c - '0' + 26;
  return -1;
}

bool encode(Text text, std::string& out) {
  std::vector<std::uint32_t> points;
  for (std::size_t at = 0; at < text.size();) points.push_back(next_codepoint(text, at));
  if (points.size() > 10'000) return false;
  for (const std::uint32_t point : points) {
    if (point < kFirst) out.push_back(static_cast<char>(point));
  }
  const auto basic = static_cast<std::uint32_t>(out.size());
  std::uint32_t handled = basic, n = kFirst, delta = 0, bias = kFirstBias;
  if (basic > 0) out.push_back('-');
  while (handled < points.size()) {
    std::uint32_t next = 0x7FFFFFFF;
    for (const std::uint32_t point : points) {
      if (point >= n && point < next) next = point;
    }
    delta += (next - n) * (handled + 1);
    n = next;
    for (const std::uint32_t point : points) {
      if (point < n) ++delta;
      if (point != n) continue;
      std::uint32_t q = delta;
      for (std::uint32_t k = kBase;; k += kBase) {
        const std::uint32_t t = threshold(k, bias);
        if (q < t) break;
        out.push_back(digit(t + (q - t) % (kBase - t)));
        q = (q - t) / (kBase - t);
      }
      out.push_back(digit(q));
      bias = adapt(delta, handled + 1, handled == basic);
      delta = 0;
      ++handled;
    }
    ++delta;
    ++n;
  }
  return true;
}

bool decode(Text text, std::string& out) {
  std::vector<std::uint32_t> points;
  const std::size_t dash = text.rfind('-');
  std::size_t at = 0;
  if (dash != Text::npos) {
    for (; at < dash; ++at) points.push_back(static_cast<unsigned char>(text[at]));
    ++at;
  }
  std::uint64_t n = kFirst, i = 0;
  std::uint32_t bias = kFirstBias;
  while (at < text.size()) {
    const std::uint64_t before = i;
    std::uint64_t weight = 1;
    for (std::uint32_t k = kBase;; k += kBase) {
      const int value = at < text.size() ? digit_value(text[at++]) : -1;
      if (value < 0) return false;
      i += static_cast<std::uint64_t>(value) * weight;
      if (i > 0x7FFFFFFF) return false;
      const std::uint32_t t = threshold(k, bias);
      if (static_cast<std::uint32_t>(value) < t) break;
      weight *= kBase - t;
      if (weight > 0x7FFFFFFF) return false;
    }
    const std::uint64_t size = points.size() + 1;
    bias = adapt(static_cast<std::uint32_t>(i - before), static_cast<std::uint32_t>(size), before == 0);
    n += i / size;
    i %= size;
    if (n > 0x10FFFF) return false;
    points.insert(points.begin() + static_cast<std::ptrdiff_t>(i), static_cast<std::uint32_t>(n));
    ++i;
  }
  for (const std::uint32_t point : points) append_codepoint(out, point);
  return true;
}

/// Splits at points, the ideographic ones too (U+3002, U+FF0E, U+FF61), and joins what `change` makes of the labels.
template <class Change>
bool each_label(Text domain, std::string& out, Change change) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= domain.size();) {
    const std::size_t here = at;
    const std::uint32_t point = at < domain.size() ? next_codepoint(domain, at) : '.';
    if (point != '.' && point != 0x3002 && point != 0xFF0E && point != 0xFF61) continue;
    if (begin > 0) out.push_back('.');
    if (!change(domain.substr(begin, here - begin))) return false;
    if (here == domain.size()) break;
    begin = at;
  }
  return true;
}

bool encode_domain(Text domain, std::string& out) {
  return each_label(domain, out, [&](Text label) {
    if (is_ascii(label)) return out.append(label), true;
    std::string encoded;
    if (!encode(label, encoded)) return false;
    out.append("xn--").append(encoded);
    return true;
  });
}
bool decode_domain(Text domain, std::string& out) {
  return each_label(domain, out, [&](Text label) {
    if (label.substr(0, 4) != "xn--") return out.append(label), true;
    return decode(label.substr(4), out);
  });
}

/// Strings are never null: a failure is ''.
template <bool (*change)(Text, std::string&)>
void or_empty(Text text, std::string& out) {
  if (!change(text, out)) out.clear();
}

constexpr Kernel kKernels[] = {
    kernel<&or_empty<&decode>>("wardian_punycode_decode"),
    kernel<&or_empty<&decode_domain>>("wardian_punycode_decode_domain"),
    kernel<&or_empty<&encode>>("wardian_punycode_encode"),
    kernel<&or_empty<&encode_domain>>("wardian_punycode_encode_domain"),
};

}  // namespace

std::span<const Kernel> punycode_kernels() { return kKernels; }

}  // namespace wardian::kernels

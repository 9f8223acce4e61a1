#include "wardian/kernels/ip_address.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/parsed_text.h"

// IPv4 addresses within longer text.
namespace wardian::kernels {
namespace {

/// What a term consists of: an address that touches it is none. As in `has`.
bool in_term(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The addresses that begin with some leading numbers.
struct Wanted {
  std::uint32_t bits = 0;
  int size = Ipv4::kBits;
};

std::optional<Wanted> whole_address(Text text) {
  Wanted made;
  std::size_t at = 0;
  if (!read_ipv4(text, at, made.bits) || at != text.size()) return std::nullopt;
  return made;
}

/// "192.", "192.168.", "192.168.1." or a whole address: filled up with zeros.
std::optional<Wanted> leading_numbers(Text text) {
  if (auto whole = whole_address(text)) return whole;
  if (!text.ends_with('.')) return std::nullopt;
  int numbers = 0;
  for (const char c : text) numbers += c == '.' ? 1 : 0;
  if (numbers > 3) return std::nullopt;
  std::string filled(text);
  for (int at = numbers; at < 4; ++at) filled += at < 3 ? "0." : "0";
  auto made = whole_address(filled);
  if (made) made->size = 8 * numbers;
  return made;
}

/// An array of texts, or one text (both as JSON); what is none of the kind looks for nothing.
template <std::optional<Wanted> (*parse)(Text)>
struct WantedList {
  explicit WantedList(Text json) {
    const auto add = [&](Text element) {
      const auto one = json_kind(element) == JsonKind::string ? parse(unescaped(element)) : std::nullopt;
      if (one) wanted.push_back(*one);
    };
    if (json_kind(json) == JsonKind::array) {
      for (JsonWalk walk(json); walk.next();) add(walk.value());
    } else {
      add(json);
    }
  }
  std::vector<Wanted> wanted;
};

bool found_in(Text text, const std::vector<Wanted>& wanted) {
  if (wanted.empty()) return false;
  for (std::size_t at = text.find_first_of("0123456789"); at != Text::npos; at = text.find_first_of("0123456789", at)) {
    std::uint32_t bits = 0;
    std::size_t end = at;
    const bool apart = at == 0 || !in_term(text[at - 1]);
    if (apart && read_ipv4(text, end, bits) && (end == text.size() || !in_term(text[end]))) {
      for (const Wanted& one : wanted) {
        if (masked(bits, one.size) == one.bits) return true;
      }
    }
    at = text.find_first_not_of("0123456789", at);
    if (at == Text::npos) break;
  }
  return false;
}

bool has_address(ParsedText<WantedList<&whole_address>>& lists, Text text, Text addresses) {
  return found_in(text, lists.of(addresses).wanted);
}
bool has_prefix(ParsedText<WantedList<&leading_numbers>>& lists, Text text, Text prefixes) {
  return found_in(text, lists.of(prefixes).wanted);
}

constexpr Kernel kKernels[] = {
    kernel<&has_address>("wardian_has_any_ipv4"),
    kernel<&has_prefix>("wardian_has_any_ipv4_prefix"),
};

}  // namespace

std::span<const Kernel> ipv4_search_kernels() { return kKernels; }

}  // namespace wardian::kernels

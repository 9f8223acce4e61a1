#include <array>

#include <isa-l/igzip_lib.h>
#include <zlib.h>

#include "wardian/kernels/base64.h"
#include "wardian/kernels/conversion.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kernels/kernel_families.h"
#include "wardian/kernels/lift.h"
#include "wardian/kernels/number_text.h"
#include "wardian/kernels/utf8.h"

namespace wardian::kernels {
namespace {

/// Well-formed UTF-8: what an engine text may hold.
bool is_utf8(Text bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[at]);
    const std::size_t size = character_size(bytes[at]);
    if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || at + size > bytes.size()) return false;
    for (std::size_t i = 1; i < size; ++i) {
      if ((static_cast<unsigned char>(bytes[at + i]) & 0xC0) != 0x80) return false;
    }
    const std::size_t begin = at;
    const std::uint32_t codepoint = next_codepoint(bytes, at);
    const std::size_t least = codepoint < 0x80 ? 1 : codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
    if (at - begin != least || codepoint > 0x10FFFF || (codepoint >= 0xD800 && codepoint < 0xE000)) return false;
  }
  return true;
}

void base64_of_text(Text text, std::string& out) { append_base64(out, text); }

/// '' where the bytes are no text.
void text_of_base64(Text text, std::string& out) {
  if (!append_base64_decoded(out, text) || !is_utf8(out)) out.clear();
}

bool bytes_of_base64(Text text, std::string& out) {
  std::string bytes;
  if (!append_base64_decoded(bytes, text)) return false;
  JsonArrayWriter array(out);
  for (const char byte : bytes) {
    array.separate();
    append_long(out, static_cast<unsigned char>(byte));
  }
  array.close();
  return true;
}
bool base64_of_bytes(Text json, std::string& out) {
  if (json_kind(json) != JsonKind::array) return false;
  std::string bytes;
  for (JsonWalk walk(json); walk.next();) {
    const auto byte = dynamic_to_long(walk.value());
    if (!byte || *byte < 0 || *byte > 255) return false;
    bytes.push_back(static_cast<char>(*byte));
  }
  append_base64(out, bytes);
  return true;
}

/// The order of a guid's bytes in memory on Windows: the first three groups are little endian.
constexpr std::array<std::size_t, 16> kGuidOrder = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

bool guid_of_base64(Text text, std::string& out) {
  std::string bytes;
  if (!append_base64_decoded(bytes, text) || bytes.size() != 16) return false;
  static constexpr char kHex[] = "0123456789abcdef";
  std::string digits;
  for (const std::size_t from : kGuidOrder) {
    const auto byte = static_cast<unsigned char>(bytes[from]);
    digits.push_back(kHex[byte >> 4]);
    digits.push_back(kHex[byte & 15]);
  }
  return append_guid(out, digits);
}
bool base64_of_guid(Text guid, std::string& out) {
  std::string text;
  if (!append_guid(text, guid)) return false;
  std::string bytes;
  int high = -1;
  for (const char c : text) {
    if (c == '-') continue;
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<char>(high * 16 + digit));
      high = -1;
    }
  }
  std::string reordered;
  for (const std::size_t from : kGuidOrder) reordered.push_back(bytes[from]);
  append_base64(out, reordered);
  return true;
}

constexpr bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.' ||
         c == '!' || c == '*' || c == '(' || c == ')';
}
void encode_url(Text text, bool plus_for_blank, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (const char c : text) {
    if (is_unreserved(c)) {
      out.push_back(c);
    } else if (c == ' ' && plus_for_blank) {
      out.push_back('+');
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kHex[byte >> 4]);
      out.push_back(kHex[byte & 15]);
    }
  }
}
void url_encode(Text text, std::string& out) { encode_url(text, true, out); }
void url_encode_component(Text text, std::string& out) { encode_url(text, false, out); }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
void url_decode(Text text, std::string& out) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int high = text[at] == '%' && at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[at + 2]) : -1;
    if (low >= 0) {
      out.push_back(static_cast<char>(high * 16 + low));
      at += 2;
    } else {
      out.push_back(text[at] == '+' ? ' ' : text[at]);
    }
  }
  if (!is_utf8(out)) out.assign(text);
}

/// Window bits: 15 is a zlib stream, 15 + 16 a gzip one.
constexpr int kZlib = 15, kGzip = 15 + 16;
/// A few bytes may unfold to gigabytes; what is longer than this is refused.
constexpr std::size_t kInflatedBytesMax = 64U << 20;

template <int window_bits>
bool inflate_base64(Text text, std::string& out) {
  std::string packed;
  if (!append_base64_decoded(packed, text)) return false;
  z_stream stream{};
  if (inflateInit2(&stream, window_bits) != Z_OK) return false;
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  char room[16384];
  int state = Z_OK;
  while (state == Z_OK && out.size() <= kInflatedBytesMax) {
    stream.next_out = reinterpret_cast<Bytef*>(room);
    stream.avail_out = sizeof room;
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(room, sizeof room - stream.avail_out);
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END && is_utf8(out);
}
template <int window_bits>
void inflate_or_empty(Text text, std::string& out) {
  if (!inflate_base64<window_bits>(text, out)) out.clear();
}

/// No packed text of anything longer: the packer counts bytes in 32 bits.
constexpr std::size_t kPackedBytesMax = 1U << 30;

/// By ISA-L in one piece at its lowest level, as the cloud does: bytes that packing would make more stand as they are.
template <int wrapper>
void deflate_to_base64(Text text, std::string& out) {
  if (text.size() > kPackedBytesMax) return;
  isal_zstream stream;
  isal_deflate_stateless_init(&stream);
  // What bytes take that stand as they are: five more in each block, and both ends of the stream.
  std::string packed(text.size() + 5 * (text.size() / 65'535 + 1) + 64, '\0');
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<std::uint32_t>(text.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(packed.data());
  stream.avail_out = static_cast<std::uint32_t>(packed.size());
  stream.end_of_stream = 1;
  stream.flush = NO_FLUSH;
  stream.gzip_flag = wrapper;
  if (isal_deflate_stateless(&stream) != COMP_OK) return;
  packed.resize(stream.total_out);
  append_base64(out, packed);
}

constexpr Kernel kKernels[] = {
    kernel<&base64_of_bytes>("wardian_base64_of_bytes"),
    kernel<&base64_of_guid>("wardian_base64_of_guid"),
    kernel<&base64_of_text>("wardian_base64_of_text"),
    kernel<&bytes_of_base64>("wardian_bytes_of_base64"),
    kernel<&guid_of_base64>("wardian_guid_text_of_base64"),
    kernel<&inflate_or_empty<kGzip>>("wardian_gunzip_base64"),
    kernel<&deflate_to_base64<IGZIP_GZIP>>("wardian_gzip_base64"),
    kernel<&inflate_or_empty<kZlib>>("wardian_inflate_base64"),
    kernel<&deflate_to_base64<IGZIP_ZLIB>>("wardian_deflate_base64"),
    kernel<&text_of_base64>("wardian_text_of_base64"),
    kernel<&url_decode>("wardian_url_decode"),
    kernel<&url_encode>("wardian_url_encode"),
    kernel<&url_encode_component>("wardian_url_encode_component"),
};

}  // namespace

std::span<const Kernel> encoding_kernels() { return kKernels; }

}  // namespace wardian::kernels

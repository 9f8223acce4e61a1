#include "wardian/kql/blob_reference.h"

#include <array>
#include <random>

#include "wardian/kernels/json_text.h"
#include "wardian/kql/constant_json.h"

namespace wardian::kql {
namespace {

constexpr std::size_t kBlobsMax = 64;  // each is a descriptor of the call's

const std::string& secret_key() {
  static const std::string key = [] {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string made = "blob ";
    std::random_device lot;  // the kernel's, as libstdc++ has it on Linux
    for (int word = 0; word < 4; ++word) {
      const unsigned drawn = lot();
      for (unsigned shift = 0; shift < 32; shift += 4) made += kHex[drawn >> shift & 15U];
    }
    return made;
  }();
  return key;
}

/// nullopt for whatever is no reference.
std::optional<plan::BlobReference> read_reference(std::string_view json) {
  const auto held = kernels::json_member(json, secret_key());
  const auto parts = held ? array_elements(*held) : std::nullopt;
  if (!parts || parts->size() != 3) return std::nullopt;
  const auto* name = std::get_if<std::string>(&(*parts)[0].held);
  const auto* begin = std::get_if<std::int64_t>(&(*parts)[1].held);
  const auto* end = std::get_if<std::int64_t>(&(*parts)[2].held);
  if (name == nullptr || begin == nullptr || end == nullptr) return std::nullopt;
  return plan::BlobReference{{}, *name, {static_cast<std::uint32_t>(*begin), static_cast<std::uint32_t>(*end)}};
}

}  // namespace

std::string blob_reference(std::string_view name, SourceSpan span) {
  return "{" + json_quoted(secret_key()) + ":[" + json_quoted(name) + "," + std::to_string(span.begin) + "," +
         std::to_string(span.end) + "]}";
}

Result<std::vector<plan::BlobReference>> take_blob_references(std::string& kargs, SourceSpan span) {
  std::vector<plan::BlobReference> taken;
  if (kargs.find(secret_key()) == std::string::npos) return taken;
  std::string rest;
  kernels::JsonObjectWriter writer(rest);
  for (kernels::JsonWalk member(kargs); member.next();) {
    if (auto reference = read_reference(member.value())) {
      if (taken.size() == kBlobsMax)
        return Error{ErrorCode::bad_argument, "kargs has more than " + std::to_string(kBlobsMax) + " blobs", span,
                     "Keep what belongs together as one blob, a dict"};
      reference->key = kernels::unescaped(member.key());
      taken.push_back(*std::move(reference));
    } else if (member.value().find(secret_key()) != std::string_view::npos) {
      return Error{ErrorCode::bad_argument, "blob() stands for a value of kargs itself, not for one within another", span,
                   "bag_pack('model', blob('model'))"};
    } else {
      writer.add_literal(member.key(), member.value());
    }
  }
  writer.close();
  kargs = std::move(rest);
  return taken;
}

}  // namespace wardian::kql

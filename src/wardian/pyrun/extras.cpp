#include "wardian/pyrun/extras.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "wardian/pyrun/content_type.h"
#include "wardian/sandbox/console.h"

namespace wardian::pyrun {
namespace {

// Each character of a name may be written with six: \u0041.
constexpr std::uint64_t kIndexBytesMax = kExtrasMax * (kExtraNameBytesMax * 6 + 64);

// What stands behind a name's last dot is its ending up to this length.
constexpr std::size_t kEndingBytesMax = 32;

Error nonsense(std::string_view what) {
  return {.code = ErrorCode::bad_result, .message = "The sandbox answered nonsense: " + std::string(what)};
}

Status check_name(std::string_view name, bool one_part) {
  if (sound_extra_name(name, one_part)) return {};
  std::string shown = sandbox::printable(name.substr(0, kExtraNameBytesMax));
  std::ranges::replace(shown, '\n', ' ');
  return Error{.code = ErrorCode::bad_result,
               .message = "An output of the script has a name that none may have: " + shown,
               .hint = "At most 255 bytes, all of which can be shown; no part of it empty or beginning with a dot."};
}

/// By its bytes, whatever its name says.
void tell_type(Extra& extra) {
  const std::string_view content = extra.content();
  if (is_whole_png(content)) {
    extra.kind = ExtraKind::picture, extra.type = "image/png";
  } else if (is_svg(content)) {
    extra.kind = ExtraKind::picture, extra.type = "image/svg+xml";
  } else if (is_html(content)) {
    extra.kind = ExtraKind::page, extra.type = "text/html";
  } else {
    extra.kind = ExtraKind::file, extra.type = "application/octet-stream";
  }
}

Result<Extra> read_entry(const simdjson::dom::element& element) {
  simdjson::dom::array entry;
  std::string_view name, source;
  Extra extra;
  if (element.get(entry) != simdjson::SUCCESS || entry.size() != 3 || entry.at(0).get(name) != simdjson::SUCCESS ||
      entry.at(1).get(source) != simdjson::SUCCESS || entry.at(2).get(extra.bytes) != simdjson::SUCCESS) {
    return nonsense("an output without name or size");
  }
  if (source == "bytes" || source == "pickle") {
    extra.kind = ExtraKind::blob;
    extra.type = source == "pickle" ? kPickleType : "application/octet-stream";
  } else if (source != "file") {
    return nonsense("an output of an unknown kind");
  }
  WARDIAN_TRY(check_name(name, extra.kind == ExtraKind::blob));
  extra.name = name;
  return extra;
}

void drop_last_character(std::string& text) {
  unsigned char last = 0;
  do {
    last = static_cast<unsigned char>(text.back());
    text.pop_back();
  } while ((last & 0xC0U) == 0x80U && !text.empty());
}

}  // namespace

Result<std::shared_ptr<const SealedBytes>> SealedBytes::copy_of(std::string_view bytes) {
  auto made = std::make_shared<SealedBytes>();
  WARDIAN_ASSIGN(made->file, process::MemoryFile::sealed_copy("wardian-blob", std::as_bytes(std::span(bytes))));
  WARDIAN_ASSIGN(made->mapping, made->file.map_read_only());
  return std::shared_ptr<const SealedBytes>(std::move(made));
}

std::string_view extra_kind_name(ExtraKind kind) {
  static constexpr std::array<std::string_view, 4> kNames = {"picture", "page", "file", "blob"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view Extra::content() const {
  if (held == nullptr) return {};
  const std::span<const std::byte> all = held->mapping.bytes();
  return std::string_view(reinterpret_cast<const char*>(all.data()), all.size()).substr(offset, bytes);
}

bool sound_extra_name(std::string_view name, bool one_part) {
  if (name.empty() || name.size() > kExtraNameBytesMax) return false;
  if (name.find_first_of("\n\r\t") != std::string_view::npos || sandbox::printable(name) != name) return false;
  if (one_part && name.find('/') != std::string_view::npos) return false;
  while (true) {
    const std::size_t end = name.find('/');
    const std::string_view part = name.substr(0, end);
    if (part.empty() || part.front() == '.') return false;
    if (end == std::string_view::npos) return true;
    name.remove_prefix(end + 1);
  }
}

Result<std::vector<Extra>> read_extras(std::shared_ptr<const SealedBytes> held, std::uint64_t index_bytes) {
  const std::uint64_t all_bytes = held->mapping.bytes().size();
  if (index_bytes > all_bytes || index_bytes > kIndexBytesMax) return nonsense("an index of outputs that is none");
  const std::uint64_t contents_bytes = all_bytes - index_bytes;
  const char* const index = reinterpret_cast<const char*>(held->mapping.bytes().data()) + contents_bytes;
  simdjson::dom::parser parser;
  simdjson::dom::array entries;
  if (parser.parse(index, index_bytes, true).get(entries) != simdjson::SUCCESS)
    return nonsense("an index of outputs that is none");
  std::vector<Extra> extras;
  std::uint64_t offset = 0;
  for (const simdjson::dom::element element : entries) {
    if (extras.size() == kExtrasMax) {
      return Error{.code = ErrorCode::output_limit,
                   .message = "The script left more than " + std::to_string(kExtrasMax) + " outputs",
                   .hint = "Put many small files into one archive."};
    }
    WARDIAN_ASSIGN(Extra extra, read_entry(element));
    if (extra.bytes > contents_bytes - offset) return nonsense("outputs of another size than they have");
    extra.held = held;
    extra.offset = offset;
    offset += extra.bytes;
    if (extra.kind != ExtraKind::blob) tell_type(extra);
    extras.push_back(std::move(extra));
  }
  if (offset != contents_bytes) return nonsense("outputs of another size than they have");
  return extras;
}

void UniqueExtraNames::take(Extra& extra) {
  std::set<std::string, std::less<>>& names = extra.kind == ExtraKind::blob ? blobs_ : others_;
  if (names.insert(extra.name).second) return;
  // The number goes before the ending of a file's name; a blob has none.
  const std::size_t part = extra.name.rfind('/') + 1;  // 0 where there is no slash
  std::size_t dot = extra.kind == ExtraKind::blob ? std::string::npos : extra.name.rfind('.');
  if (dot == std::string::npos || dot <= part || extra.name.size() - dot > kEndingBytesMax) dot = extra.name.size();
  const std::string ending = extra.name.substr(dot);
  for (std::size_t number = 2;; ++number) {
    const std::string suffix = "-" + std::to_string(number) + ending;
    std::string stem = extra.name.substr(0, dot);
    while (stem.size() + suffix.size() > kExtraNameBytesMax && stem.size() > part) drop_last_character(stem);
    if (!names.insert(stem + suffix).second) continue;
    extra.name = stem + suffix;
    return;
  }
}

}  // namespace wardian::pyrun

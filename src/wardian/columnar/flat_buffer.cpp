#include "wardian/columnar/flat_buffer.h"

#include <algorithm>

namespace wardian::columnar::flat_buffer {
namespace {

template <class T>
std::optional<T> load(std::span<const std::byte> buffer, std::size_t at) {
  if (at > buffer.size() || buffer.size() - at < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, buffer.data() + at, sizeof(T));
  return value;
}

}  // namespace

Writer::Writer() { bytes_.resize(8); }  // the root reference, and padding

void Writer::align(std::size_t to, std::size_t ahead) {
  while ((bytes_.size() + ahead) % to != 0) bytes_.push_back(std::byte{0});
}

template <class T>
void Writer::put(T value) {
  const std::size_t at = bytes_.size();
  bytes_.resize(at + sizeof(T));
  std::memcpy(bytes_.data() + at, &value, sizeof(T));
}

void Writer::point(Slot referrer) {
  const auto distance = static_cast<std::uint32_t>(bytes_.size() - referrer);
  std::memcpy(bytes_.data() + referrer, &distance, sizeof distance);
}

std::vector<Writer::Slot> Writer::table(Slot referrer, std::span<const Field> scalars,
                                        std::span<const std::uint16_t> references) {
  std::uint16_t fields = 0;
  for (const Field& field : scalars) fields = std::max<std::uint16_t>(fields, field.id + 1);
  for (const std::uint16_t id : references) fields = std::max<std::uint16_t>(fields, id + 1);

  // Inside the table: its vtable's distance (4 bytes), 4 bytes of padding, then eight bytes for each field. Wasteful by
  // a few bytes, and every field is aligned.
  std::vector<std::uint16_t> positions(fields, 0);
  std::uint16_t next = 8;
  for (const Field& field : scalars) positions[field.id] = std::exchange(next, next + 8);
  for (const std::uint16_t id : references) positions[id] = std::exchange(next, next + 8);

  const auto vtable_bytes = static_cast<std::uint16_t>(4 + 2 * fields);
  align(8, vtable_bytes);  // so that the table that follows is aligned
  const std::size_t vtable = bytes_.size();
  put<std::uint16_t>(vtable_bytes);
  put<std::uint16_t>(next);
  for (const std::uint16_t position : positions) put<std::uint16_t>(position);

  point(referrer);
  const std::size_t start = bytes_.size();
  put<std::int32_t>(static_cast<std::int32_t>(start - vtable));
  put<std::int32_t>(0);
  for (const Field& field : scalars) put<std::uint64_t>(field.value);
  std::vector<Slot> slots;
  for (std::size_t i = 0; i < references.size(); ++i) {
    slots.push_back(bytes_.size());
    put<std::uint64_t>(0);
  }
  return slots;
}

void Writer::string(Slot referrer, std::string_view text) {
  align(4);
  point(referrer);
  put<std::uint32_t>(static_cast<std::uint32_t>(text.size()));
  const std::size_t at = bytes_.size();
  bytes_.resize(at + text.size() + 1);  // and a terminating zero
  std::memcpy(bytes_.data() + at, text.data(), text.size());
}

std::vector<Writer::Slot> Writer::reference_vector(Slot referrer, std::size_t count) {
  align(4);
  point(referrer);
  put<std::uint32_t>(static_cast<std::uint32_t>(count));
  std::vector<Slot> slots;
  for (std::size_t i = 0; i < count; ++i) {
    slots.push_back(bytes_.size());
    put<std::uint32_t>(0);
  }
  return slots;
}

void Writer::struct_vector(Slot referrer, std::span<const std::int64_t> values, std::size_t width) {
  align(8, 4);  // so that the first struct, after the count, is aligned
  point(referrer);
  put<std::uint32_t>(static_cast<std::uint32_t>(values.size() / width));
  for (const std::int64_t value : values) put<std::int64_t>(value);
}

std::vector<std::byte> Writer::finish() && {
  align(8);
  return std::move(bytes_);
}

std::optional<Table> Table::root(std::span<const std::byte> buffer) {
  const std::optional<std::uint32_t> start = load<std::uint32_t>(buffer, 0);
  if (!start) return std::nullopt;
  return at(buffer, *start);
}

std::optional<Table> Table::at(std::span<const std::byte> buffer, std::size_t position) {
  const std::optional<std::int32_t> back = load<std::int32_t>(buffer, position);
  if (!back || position % 4 != 0) return std::nullopt;
  const std::int64_t vtable = static_cast<std::int64_t>(position) - *back;
  if (vtable < 0 || vtable % 2 != 0) return std::nullopt;
  const auto vtable_bytes = load<std::uint16_t>(buffer, static_cast<std::size_t>(vtable));
  const auto table_bytes = load<std::uint16_t>(buffer, static_cast<std::size_t>(vtable) + 2);
  if (!vtable_bytes || !table_bytes || *vtable_bytes < 4 || *vtable_bytes % 2 != 0) return std::nullopt;
  if (buffer.size() - static_cast<std::size_t>(vtable) < *vtable_bytes) return std::nullopt;
  if (*table_bytes < 4 || buffer.size() - position < *table_bytes) return std::nullopt;
  Table table;
  table.buffer_ = buffer;
  table.position_ = position;
  table.vtable_ = static_cast<std::size_t>(vtable);
  table.vtable_bytes_ = *vtable_bytes;
  table.table_bytes_ = *table_bytes;
  return table;
}

std::optional<std::size_t> Table::field(std::uint16_t id, std::size_t bytes) const {
  const std::size_t entry = 4 + 2 * std::size_t{id};
  if (entry + 2 > vtable_bytes_) return std::nullopt;
  const std::optional<std::uint16_t> offset = load<std::uint16_t>(buffer_, vtable_ + entry);
  if (!offset || *offset == 0 || *offset + bytes > table_bytes_) return std::nullopt;
  return position_ + *offset;
}

std::optional<std::size_t> Table::follow(std::size_t reference) const {
  const std::optional<std::uint32_t> distance = load<std::uint32_t>(buffer_, reference);
  if (!distance || *distance == 0 || buffer_.size() - reference < *distance) return std::nullopt;
  return reference + *distance;
}

std::optional<Table> Table::table(std::uint16_t id) const {
  const std::optional<std::size_t> reference = field(id, 4);
  if (!reference) return std::nullopt;
  const std::optional<std::size_t> target = follow(*reference);
  if (!target) return std::nullopt;
  return at(buffer_, *target);
}

std::optional<std::size_t> Table::vector_size(std::uint16_t id, std::size_t width) const {
  const std::optional<std::size_t> reference = field(id, 4);
  if (!reference) return std::nullopt;
  const std::optional<std::size_t> target = follow(*reference);
  if (!target) return std::nullopt;
  const std::optional<std::uint32_t> count = load<std::uint32_t>(buffer_, *target);
  if (!count || (buffer_.size() - *target - 4) / width < *count) return std::nullopt;
  return *count;
}

std::optional<std::string_view> Table::string(std::uint16_t id) const {
  const std::optional<std::size_t> size = vector_size(id, 1);
  if (!size) return std::nullopt;
  const std::size_t start = *follow(*field(id, 4)) + 4;
  return std::string_view(reinterpret_cast<const char*>(buffer_.data()) + start, *size);
}

std::optional<Table> Table::vector_table(std::uint16_t id, std::size_t index) const {
  const std::optional<std::size_t> size = vector_size(id, 4);
  if (!size || index >= *size) return std::nullopt;
  const std::optional<std::size_t> target = follow(*follow(*field(id, 4)) + 4 + 4 * index);
  if (!target) return std::nullopt;
  return at(buffer_, *target);
}

std::int64_t Table::vector_int64(std::uint16_t id, std::size_t index, std::size_t width, std::size_t part) const {
  const std::optional<std::size_t> size = vector_size(id, width);
  if (!size || index >= *size) return -1;
  return load<std::int64_t>(buffer_, *follow(*field(id, 4)) + 4 + width * index + 8 * part).value_or(-1);
}

}  // namespace wardian::columnar::flat_buffer

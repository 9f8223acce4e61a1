#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// Just enough of the FlatBuffers encoding for Arrow's messages: tables, vectors, strings, scalars.
/// Source: FlatBuffers' "Internals" page. Written front to back, so that every offset points forward; read with each
/// access checked against the buffer, because what is read may come from a sandbox.
namespace wardian::columnar::flat_buffer {

/// Appends objects to a growing buffer. An object that another refers to is written after it: the place of the
/// reference is kept (`Slot`) and filled once the object's position is known.
class Writer {
 public:
  using Slot = std::size_t;

  /// A field of a table under construction: its number, and its bytes (at most 8, little endian).
  struct Field {
    std::uint16_t id;
    std::uint8_t bytes;
    std::uint64_t value;
  };

  Writer();
  /// The reference to the root table, at the start of the buffer.
  Slot root() const { return 0; }
  /// Writes a table whose scalar fields have these values; `references` are fields that `point` fills later.
  /// Returns the slots of `references`, in their order.
  std::vector<Slot> table(Slot referrer, std::span<const Field> scalars, std::span<const std::uint16_t> references);
  void string(Slot referrer, std::string_view text);
  /// A vector of references; returns their slots.
  std::vector<Slot> reference_vector(Slot referrer, std::size_t count);
  /// A vector of structs of 64-bit integers, `width` integers each.
  void struct_vector(Slot referrer, std::span<const std::int64_t> values, std::size_t width);

  /// The finished buffer, padded to eight bytes.
  std::vector<std::byte> finish() &&;

 private:
  void align(std::size_t to, std::size_t ahead = 0);
  template <class T>
  void put(T value);
  void point(Slot referrer);

  std::vector<std::byte> bytes_;
};

/// A bounded view of an untrusted buffer. Anything that does not lie within it reads as absent.
class Table {
 public:
  /// The root table, if the buffer holds one.
  static std::optional<Table> root(std::span<const std::byte> buffer);

  template <class T>
  T scalar(std::uint16_t id, T fallback) const {
    const std::optional<std::size_t> at = field(id, sizeof(T));
    if (!at) return fallback;
    T value;
    std::memcpy(&value, buffer_.data() + *at, sizeof(T));
    return value;
  }
  bool has(std::uint16_t id) const { return field(id, 1).has_value(); }
  std::optional<Table> table(std::uint16_t id) const;
  std::optional<std::string_view> string(std::uint16_t id) const;
  /// Number of entries of a vector whose entries take `width` bytes; nullopt when it is absent or runs out of bounds.
  std::optional<std::size_t> vector_size(std::uint16_t id, std::size_t width) const;
  /// Entry of a vector of references; `index` below vector_size(id, 4).
  std::optional<Table> vector_table(std::uint16_t id, std::size_t index) const;
  /// 64-bit integer number `part` of entry `index` of a vector of structs of `width` bytes.
  std::int64_t vector_int64(std::uint16_t id, std::size_t index, std::size_t width, std::size_t part) const;

 private:
  static std::optional<Table> at(std::span<const std::byte> buffer, std::size_t position);
  std::optional<std::size_t> field(std::uint16_t id, std::size_t bytes) const;
  /// Where the reference in field `id` points, if within the buffer.
  std::optional<std::size_t> follow(std::size_t reference) const;

  std::span<const std::byte> buffer_;
  std::size_t position_ = 0;
  std::size_t vtable_ = 0;
  std::uint16_t vtable_bytes_ = 0;
  std::uint16_t table_bytes_ = 0;
};

}  // namespace wardian::columnar::flat_buffer

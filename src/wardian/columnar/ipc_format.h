#pragma once

#include <cstdint>

/// Field numbers and enumerators of Arrow's Message.fbs and Schema.fbs, as far as we use them.
namespace wardian::columnar::ipc {

inline constexpr std::uint32_t kContinuation = 0xffffffff;
inline constexpr std::uint64_t kVersion5 = 4;
inline constexpr std::int16_t kLittleEndian = 0;
inline constexpr std::uint64_t kAlignmentBytes = 8;

struct Message {
  enum : std::uint16_t { version, header_type, header, body_length, custom_metadata };
};
enum HeaderType : std::uint8_t { kSchema = 1, kDictionaryBatch = 2, kRecordBatch = 3 };
struct SchemaTable {
  enum : std::uint16_t { endianness, fields, custom_metadata, features };
};
struct FieldTable {
  enum : std::uint16_t { name, nullable, type_type, type, dictionary, children, custom_metadata };
};
struct RecordBatchTable {
  enum : std::uint16_t { length, nodes, buffers, compression, variadic_counts };
};
inline constexpr std::size_t kNodeBytes = 16;    // length, null_count
inline constexpr std::size_t kBufferBytes = 16;  // offset, length

enum TypeKind : std::uint8_t {
  kInt = 2,
  kFloatingPoint = 3,
  kUtf8 = 5,
  kBool = 6,
  kDecimal = 7,
  kTimestamp = 10,
  kDuration = 18,
  kLargeUtf8 = 20,
};
struct IntTable {
  enum : std::uint16_t { bit_width, is_signed };
};
struct FloatingPointTable {
  enum : std::uint16_t { precision };
};
inline constexpr std::int16_t kDouble = 2;
struct DecimalTable {
  enum : std::uint16_t { precision, scale, bit_width };
};
struct TimestampTable {
  enum : std::uint16_t { unit, timezone };
};
struct DurationTable {
  enum : std::uint16_t { unit };
};

}  // namespace wardian::columnar::ipc

#include <algorithm>
#include <cstring>

#include "wardian/columnar/flat_buffer.h"
#include "wardian/columnar/ipc_format.h"
#include "wardian/columnar/ipc_message.h"

namespace wardian::columnar {
namespace {

using flat_buffer::Writer;
using Field = Writer::Field;

std::vector<std::byte> framed(std::vector<std::byte> metadata, std::size_t total_bytes) {
  const std::size_t natural = (8 + metadata.size() + 63) / 64 * 64;
  const std::size_t total = std::max(natural, total_bytes);
  std::vector<std::byte> message(total);
  const auto length = static_cast<std::uint32_t>(total - 8);
  std::memcpy(message.data(), &ipc::kContinuation, 4);
  std::memcpy(message.data() + 4, &length, 4);
  std::memcpy(message.data() + 8, metadata.data(), metadata.size());
  return message;
}

/// Writes the message table; returns the slot of its header.
Writer::Slot message_table(Writer& writer, ipc::HeaderType header, std::uint64_t body_bytes) {
  const Field scalars[] = {{ipc::Message::version, 2, ipc::kVersion5},
                           {ipc::Message::header_type, 1, header},
                           {ipc::Message::body_length, 8, body_bytes}};
  const std::uint16_t references[] = {ipc::Message::header};
  return writer.table(writer.root(), scalars, references)[0];
}

ipc::TypeKind kind_of(Layout layout) {
  switch (layout) {
    case Layout::bits: return ipc::kBool;
    case Layout::int32:
    case Layout::int64: return ipc::kInt;
    case Layout::float64: return ipc::kFloatingPoint;
    case Layout::decimal128: return ipc::kDecimal;
    case Layout::utf8: return ipc::kUtf8;
    case Layout::large_utf8: return ipc::kLargeUtf8;
    case Layout::timestamp: return ipc::kTimestamp;
    case Layout::duration: return ipc::kDuration;
  }
  return ipc::kBool;
}

void type_table(Writer& writer, Writer::Slot slot, const BorderType& type) {
  std::vector<Field> scalars;
  switch (type.layout) {
    case Layout::int32:
    case Layout::int64:
      scalars = {{ipc::IntTable::bit_width, 4, type.layout == Layout::int32 ? 32U : 64U}, {ipc::IntTable::is_signed, 1, 1}};
      break;
    case Layout::float64: scalars = {{ipc::FloatingPointTable::precision, 2, ipc::kDouble}}; break;
    case Layout::decimal128:
      scalars = {{ipc::DecimalTable::precision, 4, type.precision},
                 {ipc::DecimalTable::scale, 4, type.scale},
                 {ipc::DecimalTable::bit_width, 4, 128}};
      break;
    case Layout::timestamp:
    case Layout::duration:
      static_assert(ipc::TimestampTable::unit + 0 == ipc::DurationTable::unit + 0);
      scalars = {{ipc::TimestampTable::unit, 2, static_cast<std::uint64_t>(type.unit)}};
      break;
    case Layout::bits:
    case Layout::utf8:
    case Layout::large_utf8: break;
  }
  writer.table(slot, scalars, {});
}

void field_table(Writer& writer, Writer::Slot slot, const BorderColumn& column) {
  const Field scalars[] = {{ipc::FieldTable::nullable, 1, 1}, {ipc::FieldTable::type_type, 1, kind_of(column.type.layout)}};
  const std::uint16_t references[] = {ipc::FieldTable::name, ipc::FieldTable::type, ipc::FieldTable::children};
  const std::vector<Writer::Slot> slots = writer.table(slot, scalars, references);
  writer.string(slots[0], column.name);
  type_table(writer, slots[1], column.type);
  writer.reference_vector(slots[2], 0);
}

}  // namespace

std::vector<std::byte> encode_schema_message(const BorderTable& table, std::size_t total_bytes) {
  Writer writer;
  const Writer::Slot header = message_table(writer, ipc::kSchema, 0);
  const std::uint16_t references[] = {ipc::SchemaTable::fields};
  const Writer::Slot fields = writer.table(header, {}, references)[0];
  const std::vector<Writer::Slot> slots = writer.reference_vector(fields, table.columns.size());
  for (std::size_t i = 0; i < slots.size(); ++i) field_table(writer, slots[i], table.columns[i]);
  return framed(std::move(writer).finish(), total_bytes);
}

std::vector<std::byte> encode_batch_message(const BorderTable& table, std::size_t total_bytes) {
  std::vector<std::int64_t> nodes;
  std::vector<std::int64_t> buffers;
  const auto add = [&](const BufferRange& range) {
    buffers.push_back(static_cast<std::int64_t>(range.offset));
    buffers.push_back(static_cast<std::int64_t>(range.bytes));
  };
  for (const BorderColumn& column : table.columns) {
    nodes.push_back(static_cast<std::int64_t>(table.rows));
    nodes.push_back(static_cast<std::int64_t>(column.nulls));
    add(column.validity);
    add(column.values);
    if (is_text(column.type.layout)) add(column.text);
  }
  Writer writer;
  const Writer::Slot header = message_table(writer, ipc::kRecordBatch, table.body_bytes);
  const Field scalars[] = {{ipc::RecordBatchTable::length, 8, table.rows}};
  const std::uint16_t references[] = {ipc::RecordBatchTable::nodes, ipc::RecordBatchTable::buffers};
  const std::vector<Writer::Slot> slots = writer.table(header, scalars, references);
  writer.struct_vector(slots[0], nodes, 2);
  writer.struct_vector(slots[1], buffers, 2);
  return framed(std::move(writer).finish(), total_bytes);
}

}  // namespace wardian::columnar

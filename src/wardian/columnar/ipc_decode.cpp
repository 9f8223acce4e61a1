#include <cstring>

#include "wardian/columnar/flat_buffer.h"
#include "wardian/columnar/ipc_format.h"
#include "wardian/columnar/ipc_message.h"

namespace wardian::columnar {
namespace {

using flat_buffer::Table;

Error malformed(std::string_view what) {
  return {.code = ErrorCode::bad_result, .message = "The script's result is malformed: " + std::string(what)};
}

/// By its number from 1: its name is a stranger's bytes, which may be no text, or end a line and forge the next.
Error malformed_column(std::string_view what, std::size_t index) {
  return malformed(std::string(what) + ": column " + std::to_string(index + 1));
}

struct RawMessage {
  Table table;
  std::uint64_t body_begin = 0;
  std::uint64_t body_bytes = 0;
};

/// Reads the message at `at` and moves `at` behind its body.
Result<RawMessage> read_message(std::span<const std::byte> bytes, std::uint64_t& at, const StreamLimits& limits) {
  std::uint32_t head[2];
  if (bytes.size() - at < sizeof head) return malformed("it ends within a message");
  std::memcpy(head, bytes.data() + at, sizeof head);
  at += sizeof head;
  if (head[0] != ipc::kContinuation) return malformed("no message where one must begin");
  const std::uint64_t metadata_bytes = head[1];
  if (metadata_bytes == 0) return malformed("it has no record batch");
  if (metadata_bytes % ipc::kAlignmentBytes != 0 || metadata_bytes > limits.metadata_bytes_max ||
      metadata_bytes > bytes.size() - at) {
    return malformed("metadata of " + std::to_string(metadata_bytes) + " bytes");
  }
  const std::optional<Table> table = Table::root(bytes.subspan(at, metadata_bytes));
  at += metadata_bytes;
  if (!table) return malformed("unreadable metadata");
  if (table->has(ipc::Message::custom_metadata)) return malformed("a message with metadata of its own");
  if (table->scalar<std::int16_t>(ipc::Message::version, 0) != static_cast<std::int16_t>(ipc::kVersion5)) {
    return malformed("another version of the format");
  }
  const auto body_bytes = table->scalar<std::int64_t>(ipc::Message::body_length, 0);
  if (body_bytes < 0 || static_cast<std::uint64_t>(body_bytes) > bytes.size() - at) {
    return malformed("a body of " + std::to_string(body_bytes) + " bytes");
  }
  const RawMessage message{*table, at, static_cast<std::uint64_t>(body_bytes)};
  at += message.body_bytes;
  return message;
}

std::optional<TimeUnit> unit_of(const Table& type, std::int16_t fallback) {
  const auto unit = type.scalar<std::int16_t>(ipc::TimestampTable::unit, fallback);
  if (unit < 0 || unit > 3) return std::nullopt;
  return static_cast<TimeUnit>(unit);
}

std::optional<BorderType> type_of(const Table& field) {
  const std::optional<Table> type = field.table(ipc::FieldTable::type);
  if (!type) return std::nullopt;
  switch (field.scalar<std::uint8_t>(ipc::FieldTable::type_type, 0)) {
    case ipc::kBool: return BorderType{.layout = Layout::bits};
    case ipc::kInt: {
      if (type->scalar<std::uint8_t>(ipc::IntTable::is_signed, 0) != 1) return std::nullopt;
      const auto width = type->scalar<std::int32_t>(ipc::IntTable::bit_width, 0);
      if (width == 32) return BorderType{.layout = Layout::int32};
      if (width == 64) return BorderType{.layout = Layout::int64};
      return std::nullopt;
    }
    case ipc::kFloatingPoint:
      if (type->scalar<std::int16_t>(ipc::FloatingPointTable::precision, 0) != ipc::kDouble) return std::nullopt;
      return BorderType{.layout = Layout::float64};
    case ipc::kDecimal: {
      const auto precision = type->scalar<std::int32_t>(ipc::DecimalTable::precision, 0);
      const auto scale = type->scalar<std::int32_t>(ipc::DecimalTable::scale, 0);
      if (type->scalar<std::int32_t>(ipc::DecimalTable::bit_width, 128) != 128) return std::nullopt;
      if (precision < 1 || precision > 38 || scale < 0 || scale > precision) return std::nullopt;
      return BorderType{.layout = Layout::decimal128,
                        .precision = static_cast<std::uint8_t>(precision),
                        .scale = static_cast<std::uint8_t>(scale)};
    }
    case ipc::kUtf8: return BorderType{.layout = Layout::utf8};
    case ipc::kLargeUtf8: return BorderType{.layout = Layout::large_utf8};
    case ipc::kTimestamp: {
      const std::optional<TimeUnit> unit = unit_of(*type, 0);
      if (!unit || type->has(ipc::TimestampTable::timezone)) return std::nullopt;
      return BorderType{.layout = Layout::timestamp, .unit = *unit};
    }
    case ipc::kDuration: {
      const std::optional<TimeUnit> unit = unit_of(*type, 1);
      if (!unit) return std::nullopt;
      return BorderType{.layout = Layout::duration, .unit = *unit};
    }
    default: return std::nullopt;
  }
}

Result<std::vector<BorderColumn>> read_schema(const Table& message, const StreamLimits& limits) {
  if (message.scalar<std::uint8_t>(ipc::Message::header_type, 0) != ipc::kSchema) return malformed("no schema at its start");
  const std::optional<Table> schema = message.table(ipc::Message::header);
  if (!schema) return malformed("an unreadable schema");
  if (schema->scalar<std::int16_t>(ipc::SchemaTable::endianness, 0) != ipc::kLittleEndian) {
    return malformed("big-endian values");
  }
  if (schema->has(ipc::SchemaTable::custom_metadata)) return malformed("a schema with metadata of its own");
  const std::optional<std::size_t> count = schema->vector_size(ipc::SchemaTable::fields, 4);
  if (!count) return malformed("a schema without fields");
  if (*count > limits.columns_max) {
    return Error{.code = ErrorCode::output_limit,
                 .message = "The script's result has too many columns: " + std::to_string(*count)};
  }
  std::vector<BorderColumn> columns;
  for (std::size_t i = 0; i < *count; ++i) {
    const std::optional<Table> field = schema->vector_table(ipc::SchemaTable::fields, i);
    if (!field) return malformed("an unreadable field");
    const std::string name(field->string(ipc::FieldTable::name).value_or(""));
    if (field->has(ipc::FieldTable::dictionary)) return malformed_column("a dictionary column", i);
    if (field->has(ipc::FieldTable::custom_metadata)) return malformed_column("a column with metadata of its own", i);
    if (field->vector_size(ipc::FieldTable::children, 4).value_or(0) != 0) return malformed_column("a nested column", i);
    const std::optional<BorderType> type = type_of(*field);
    if (!type) return malformed_column("a column of a type that does not cross", i);
    columns.push_back({.name = name, .type = *type});
  }
  return columns;
}

/// Bytes that `rows` values need, or nullopt on overflow; `rows` is at most 2^48.
std::uint64_t bytes_needed(Layout layout, std::uint64_t rows) {
  if (layout == Layout::bits) return (rows + 7) / 8;
  if (layout == Layout::utf8) return rows == 0 ? 0 : (rows + 1) * 4;  // no rows: no offsets needed
  if (layout == Layout::large_utf8) return rows == 0 ? 0 : (rows + 1) * 8;
  return rows * fixed_width_bytes(layout);
}

Result<BufferRange> read_buffer(const Table& batch, std::size_t index, std::uint64_t body_bytes) {
  const std::int64_t offset = batch.vector_int64(ipc::RecordBatchTable::buffers, index, ipc::kBufferBytes, 0);
  const std::int64_t length = batch.vector_int64(ipc::RecordBatchTable::buffers, index, ipc::kBufferBytes, 1);
  if (offset < 0 || length < 0 || static_cast<std::uint64_t>(offset) > body_bytes ||
      static_cast<std::uint64_t>(length) > body_bytes - static_cast<std::uint64_t>(offset)) {
    return malformed("a buffer outside its body");
  }
  if (static_cast<std::uint64_t>(offset) % ipc::kAlignmentBytes != 0) return malformed("a buffer out of alignment");
  return BufferRange{static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(length)};
}

Status read_batch(const Table& message, BorderTable& table, const StreamLimits& limits) {
  if (message.scalar<std::uint8_t>(ipc::Message::header_type, 0) != ipc::kRecordBatch) {
    return malformed("no record batch after its schema");
  }
  const std::optional<Table> batch = message.table(ipc::Message::header);
  if (!batch) return malformed("an unreadable record batch");
  if (batch->has(ipc::RecordBatchTable::compression)) return malformed("compressed buffers");
  if (batch->has(ipc::RecordBatchTable::variadic_counts) &&
      batch->vector_size(ipc::RecordBatchTable::variadic_counts, 8).value_or(1) != 0) {
    return malformed("columns of views");
  }
  const auto rows = batch->scalar<std::int64_t>(ipc::RecordBatchTable::length, 0);
  if (rows < 0 || rows > (std::int64_t{1} << 48)) return malformed(std::to_string(rows) + " rows");
  if (static_cast<std::uint64_t>(rows) > limits.rows_max) {
    return Error{.code = ErrorCode::output_limit, .message = "The script's result has too many rows: " + std::to_string(rows)};
  }
  table.rows = static_cast<std::uint64_t>(rows);

  std::size_t buffers_expected = 0;
  for (const BorderColumn& column : table.columns) buffers_expected += is_text(column.type.layout) ? 3 : 2;
  if (batch->vector_size(ipc::RecordBatchTable::nodes, ipc::kNodeBytes).value_or(0) != table.columns.size() ||
      batch->vector_size(ipc::RecordBatchTable::buffers, ipc::kBufferBytes).value_or(0) != buffers_expected) {
    return malformed("a record batch that does not fit its schema");
  }
  std::size_t next_buffer = 0;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    BorderColumn& column = table.columns[i];
    const std::int64_t length = batch->vector_int64(ipc::RecordBatchTable::nodes, i, ipc::kNodeBytes, 0);
    const std::int64_t nulls = batch->vector_int64(ipc::RecordBatchTable::nodes, i, ipc::kNodeBytes, 1);
    if (length != rows) return malformed_column("columns of unequal length", i);
    if (nulls < 0 || nulls > rows) return malformed_column("a wrong count of nulls", i);
    column.nulls = static_cast<std::uint64_t>(nulls);
    WARDIAN_ASSIGN(column.validity, read_buffer(*batch, next_buffer++, table.body_bytes));
    WARDIAN_ASSIGN(column.values, read_buffer(*batch, next_buffer++, table.body_bytes));
    if (is_text(column.type.layout)) {
      WARDIAN_ASSIGN(column.text, read_buffer(*batch, next_buffer++, table.body_bytes));
    }
    if (column.values.bytes < bytes_needed(column.type.layout, table.rows)) {
      return malformed_column("a column shorter than its rows", i);
    }
    if (column.validity.bytes == 0 ? nulls != 0 : column.validity.bytes < (table.rows + 7) / 8) {
      return malformed_column("a validity map shorter than its rows", i);
    }
  }
  return {};
}

}  // namespace

Result<OpenedStream> open_stream(std::span<const std::byte> bytes, const StreamLimits& limits) {
  std::uint64_t at = 0;
  WARDIAN_ASSIGN(const RawMessage schema, read_message(bytes, at, limits));
  if (schema.body_bytes != 0) return malformed("a schema with a body");
  OpenedStream stream;
  WARDIAN_ASSIGN(stream.table.columns, read_schema(schema.table, limits));
  WARDIAN_ASSIGN(const RawMessage batch, read_message(bytes, at, limits));
  stream.body = bytes.subspan(batch.body_begin, batch.body_bytes);
  stream.table.body_bytes = batch.body_bytes;
  WARDIAN_TRY(read_batch(batch.table, stream.table, limits));
  // Nothing but the end mark may follow.
  const std::span<const std::byte> rest = bytes.subspan(at);
  if (!rest.empty() && (rest.size() != sizeof kStreamEnd || std::memcmp(rest.data(), kStreamEnd, sizeof kStreamEnd) != 0)) {
    return malformed("more than one record batch");
  }
  return stream;
}

}  // namespace wardian::columnar

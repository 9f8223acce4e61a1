#include "wardian/columnar/frame_decoder.h"

#include <cstring>

#include "wardian/columnar/ipc_message.h"

namespace wardian::columnar {
namespace {

Error unexpected(std::string message) { return {.code = ErrorCode::bad_result, .message = std::move(message)}; }

Status check_schema(const BorderTable& table, const Schema& expected) {
  if (table.columns.size() != expected.size()) {
    return unexpected("The script's result has " + std::to_string(table.columns.size()) + " columns where " +
                      std::to_string(expected.size()) + " were declared");
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const BorderColumn& got = table.columns[i];
    if (got.name != expected[i].name) {
      return unexpected("The script's result has another column where " + expected[i].name + " was declared");
    }
    if (!may_enter_as(got.type, expected[i].type)) {
      return unexpected("Column " + got.name + " of the script's result is " + border_type_name(got.type) + " where " +
                        std::string(type_name(expected[i].type)) + " was declared");
    }
  }
  return {};
}

/// The validity map as whole words; copied when the last word would reach past the body.
void point_validity(FrameColumn& column, std::span<const std::byte> body, const BufferRange& range, std::uint64_t rows) {
  if (range.bytes == 0 || rows == 0) return;
  const std::uint64_t words = (rows + 63) / 64;
  if (body.size() - range.offset >= 8 * words) {
    column.validity = reinterpret_cast<const std::uint64_t*>(body.data() + range.offset);
    return;
  }
  struct Kept {
    std::vector<std::uint64_t> words;
    std::shared_ptr<const void> owner;
  };
  auto kept = std::make_shared<Kept>();
  kept->words.resize(words);
  kept->owner = std::move(column.owner);
  std::memcpy(kept->words.data(), body.data() + range.offset, (rows + 7) / 8);
  column.validity = kept->words.data();
  column.owner = std::move(kept);
}

}  // namespace

Result<Frame> decode_frame(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, const Schema& expected,
                           const DecodeLimits& limits) {
  WARDIAN_ASSIGN(const OpenedStream stream, open_stream(bytes, {.rows_max = limits.rows_max}));
  WARDIAN_TRY(check_schema(stream.table, expected));
  std::vector<FrameColumn> columns;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const BorderColumn& described = stream.table.columns[i];
    FrameColumn column{.name = described.name,
                       .type = expected[i].type,
                       .border = described.type,
                       .nulls = described.nulls,
                       .values = stream.body.data() + described.values.offset,
                       .text = reinterpret_cast<const char*>(stream.body.data() + described.text.offset),
                       .owner = owner};
    point_validity(column, stream.body, described.validity, stream.table.rows);
    WARDIAN_TRY(check_values(column, stream.table.rows, described.text.bytes, limits));
    columns.push_back(std::move(column));
  }
  return Frame(stream.table.rows, std::move(columns));
}

}  // namespace wardian::columnar

// What a script leaves behind is untrusted bytes: whatever they are, the decoder refuses them or gives a frame of which
// every value can be read. The schema that is expected is taken from the bytes, so that the search gets past it.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "wardian/columnar/frame_decoder.h"
#include "wardian/columnar/ipc_message.h"

namespace {

using namespace wardian::columnar;

Type declared_for(const BorderColumn& column) {
  switch (column.type.layout) {
    case Layout::bits: return Type::boolean;
    case Layout::int32: return Type::int32;
    case Layout::int64: return Type::int64;
    case Layout::float64: return Type::real;
    case Layout::decimal128: return Type::decimal;
    case Layout::timestamp: return Type::datetime;
    case Layout::duration: return Type::timespan;
    case Layout::utf8:
    case Layout::large_utf8: break;
  }
  // Three types travel as text; the name chooses.
  if (column.name.starts_with('y')) return Type::dynamic;
  return column.name.starts_with('g') ? Type::guid : Type::string;
}

std::uint64_t touched(const Batch& batch) {
  std::uint64_t sum = 0;
  for (const ColumnView& column : batch.columns) {
    for (std::size_t row = 0; row < batch.rows; ++row) {
      if (!column.is_valid(row)) continue;
      std::visit(
          [&](const auto& values) {
            if constexpr (requires { values[row].size(); }) {
              for (const char c : values[row]) sum += static_cast<unsigned char>(c);
            } else {
              sum += values[row] == 0 ? 0 : 1;
            }
          },
          column.values);
    }
  }
  return sum;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // The decoder maps files, so its bytes begin on a page; here at least on eight bytes.
  const std::vector<std::uint64_t> aligned = [&] {
    std::vector<std::uint64_t> words((size + 7) / 8);
    if (size > 0) std::memcpy(words.data(), data, size);
    return words;
  }();
  const std::span<const std::byte> bytes(reinterpret_cast<const std::byte*>(aligned.data()), size);
  const auto opened = open_stream(bytes, {});
  if (!opened.ok()) return 0;
  Schema expected;
  for (const BorderColumn& column : opened->table.columns) expected.push_back({column.name, declared_for(column)});
  const auto frame = decode_frame(bytes, nullptr, expected, {.rows_max = 100'000, .cell_bytes_max = 1 << 16});
  if (!frame.ok()) return 0;
  std::vector<std::size_t> all(expected.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::uint64_t sum = 0;
  for (std::uint64_t begin = 0; begin < frame->rows(); begin += 2048) {
    sum += touched(frame->read(begin, std::min<std::uint64_t>(2048, frame->rows() - begin), all));
  }
  // The reads above must not be optimised away.
  asm volatile("" : : "r"(sum) : "memory");
  return 0;
}

#include "wardian/columnar/frame_decoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "wardian/columnar/ticks.h"
#include "written_frame.h"

namespace wardian::columnar {
namespace {

Batch sample() {
  return batch_of({longs(Type::int64, {1, 2, 3}, {1}), texts(Type::string, {"añb", "", "c"}), bools({1, 0, 1}),
                   texts(Type::dynamic, {"{\"a\":[1,2]}", "null", "3"}),
                   longs(Type::datetime, {kTicksUnixEpoch, 630'000'000'000'000'000, 0}, {2}), decimals({1, 2, 3}),
                   texts(Type::guid, {"12345678-9abc-def0-1234-56789abcdef0", "", ""}, {1, 2})},
                  3);
}

/// The sample as a stream, after `change` has had its way with the described table.
std::vector<std::byte> sample_stream(const std::function<void(BorderTable&)>& change = {}) {
  const auto written = write_frame({sample()});
  std::vector<std::byte> stream = packed_stream(*written);
  if (!change) return stream;
  const auto opened = open_stream(stream, {});
  BorderTable table = opened->table;
  const std::vector<std::byte> body(opened->body.begin(), opened->body.end());
  change(table);
  std::vector<std::byte> changed = encode_schema_message(table);
  const std::vector<std::byte> batch = encode_batch_message(table);
  changed.insert(changed.end(), batch.begin(), batch.end());
  changed.insert(changed.end(), body.begin(), body.end());
  return changed;
}

/// Reads every value, as the engine would: nothing that passed may lie outside its memory.
void read_everything(const Frame& frame) {
  const Batch batch = frame.read(0, frame.rows(), all_columns(frame.columns().size()));
  std::size_t bytes = 0;
  for (const auto& row : cells(batch)) {
    for (const std::string& text : row) bytes += text.size();
  }
  volatile std::size_t seen = bytes;
  (void)seen;
}

TEST(FrameDecoder, FlippedBitsAreRejectedOrHarmless) {
  const std::vector<std::byte> good = sample_stream();
  const Schema schema = schema_of(sample());
  std::size_t rejected = 0;
  std::size_t harmless = 0;
  const auto attempt = [&](const std::vector<std::byte>& bytes) {
    // On the heap and of the exact size, so that a sanitizer sees a read past the end.
    const std::vector<std::byte> exact(bytes.begin(), bytes.end());
    const auto frame = decode_frame(exact, nullptr, schema, {});
    if (!frame.ok()) {
      EXPECT_TRUE(frame.error().code == ErrorCode::bad_result || frame.error().code == ErrorCode::output_limit);
      ++rejected;
      return;
    }
    read_everything(*frame);
    ++harmless;
  };
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::vector<std::byte> flipped = good;
    flipped[bit / 8] ^= std::byte{1} << (bit % 8);
    attempt(flipped);
  }
  // Several at once, and cut off anywhere.
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::byte> flipped = good;
    for (int flips = 0; flips < 4; ++flips) flipped[random() % flipped.size()] = static_cast<std::byte>(random());
    if (round % 4 == 0) flipped.resize(random() % flipped.size());
    attempt(flipped);
  }
  EXPECT_GT(rejected, 600U);
  EXPECT_GT(harmless, 600U);
}

TEST(FrameDecoder, RefusesWhatTheDeclarationDoesNotSay) {
  struct Case {
    const char* name;
    std::function<void(BorderTable&)> change;
    const char* says;
  };
  const Case cases[] = {
      {"another name", [](BorderTable& table) { table.columns[0].name = "d0"; }, "another column where c0"},
      {"another type", [](BorderTable& table) { table.columns[0].type.layout = Layout::float64; }, "is double where long"},
      {"a column less", [](BorderTable& table) { table.columns.pop_back(); }, "6 columns where 7"},
      {"a column more", [](BorderTable& table) { table.columns.push_back(table.columns.back()); }, "8 columns where 7"},
      {"more rows than values", [](BorderTable& table) { table.rows = 1000; }, "shorter than its rows"},
      {"a buffer past the body", [](BorderTable& table) { table.columns[0].values.offset = table.body_bytes; },
       "outside its body"},
      {"a buffer that wraps", [](BorderTable& table) { table.columns[0].values.bytes = ~0ULL; }, "outside its body"},
      {"an odd offset", [](BorderTable& table) { table.columns[0].values.offset += 4; }, "out of alignment"},
      {"nulls without a map", [](BorderTable& table) { table.columns[2].nulls = 1; }, "validity map"},
      {"more nulls than rows", [](BorderTable& table) { table.columns[0].nulls = 4; }, "count of nulls"},
      {"the text cut short", [](BorderTable& table) { table.columns[1].text.bytes = 2; }, "outside the buffer"},
      {"offsets of another column", [](BorderTable& table) { table.columns[1].values = table.columns[5].values; },
       "out of order"},
      {"a body beyond the end", [](BorderTable& table) { table.body_bytes *= 2; }, "body of"},
  };
  for (const Case& test : cases) {
    const auto frame = decode_frame(sample_stream(test.change), nullptr, schema_of(sample()), {});
    ASSERT_FALSE(frame.ok()) << test.name;
    EXPECT_NE(frame.error().message.find(test.says), std::string::npos) << test.name << ": " << frame.error().message;
  }
}

TEST(FrameDecoder, RefusesValuesThatTheirTypesCannotHold) {
  struct Case {
    const char* name;
    std::shared_ptr<TestColumn> column;
    Type declared;
    const char* says;
  };
  const std::vector<Case> cases = {
      {"a lone byte", texts(Type::string, {"ok", "\xff"}), Type::string, "UTF-8"},
      {"a character cut in two", texts(Type::string, {"a\xc3", "\xb1"}), Type::string, "UTF-8"},
      {"no JSON", texts(Type::string, {"1", "{a}"}), Type::dynamic, "row 1 of the script's result: not JSON"},
      {"a short guid", texts(Type::string, {"12345678"}), Type::guid, "guid"},
      {"a guid in capitals", texts(Type::string, {"12345678-9ABC-DEF0-1234-56789ABCDEF0"}), Type::guid, "guid"},
      {"a date before the first", longs(Type::datetime, {-10}), Type::datetime, "outside the range"},
      {"a date after the last", longs(Type::datetime, {kTicksMax + 10}), Type::datetime, "outside the range"},
  };
  for (const Case& test : cases) {
    const Batch batch =
        batch_of({test.column}, std::visit([](const auto& values) { return values.size(); }, test.column->view.values));
    const auto written = write_frame({batch});
    ASSERT_TRUE(written.ok()) << test.name;
    const auto frame = decode_frame(packed_stream(*written), nullptr, {{"c0", test.declared}}, {});
    ASSERT_FALSE(frame.ok()) << test.name;
    EXPECT_NE(frame.error().message.find(test.says), std::string::npos) << test.name << ": " << frame.error().message;
  }
}

TEST(FrameDecoder, RefusesADecimalOfTooManyDigits) {
  Int128 bound = 1;  // 10^38, which our own writer does not write: it takes the place of a lesser one
  for (int i = 0; i < 38; ++i) bound *= 10;
  const Int128 lesser = bound / 7;
  const auto written = write_frame({batch_of({decimals({lesser})}, 1)});
  ASSERT_TRUE(written.ok());
  std::vector<std::byte> stream = packed_stream(*written);
  const auto bytes = std::as_bytes(std::span(&lesser, 1));
  const auto place = std::search(stream.begin(), stream.end(), bytes.begin(), bytes.end());
  ASSERT_NE(place, stream.end());
  std::ranges::copy(std::as_bytes(std::span(&bound, 1)), place);
  const auto frame = decode_frame(stream, nullptr, {{"c0", Type::decimal}}, {});
  ASSERT_FALSE(frame.ok());
  EXPECT_NE(frame.error().message.find("digits"), std::string::npos) << frame.error().message;
}

TEST(FrameDecoder, HoldsToItsLimits) {
  const std::vector<std::byte> stream = sample_stream();
  const Schema schema = schema_of(sample());
  EXPECT_TRUE(decode_frame(stream, nullptr, schema, {.rows_max = 3}).ok());
  EXPECT_EQ(decode_frame(stream, nullptr, schema, {.rows_max = 2}).error().code, ErrorCode::output_limit);
  EXPECT_EQ(decode_frame(stream, nullptr, schema, {.cell_bytes_max = 10}).error().code, ErrorCode::output_limit);
  EXPECT_FALSE(decode_frame({}, nullptr, schema, {}).ok());
}

TEST(FrameDecoder, RefusesASecondBatch) {
  std::vector<std::byte> stream = sample_stream();
  const std::vector<std::byte> again = stream;
  stream.resize(stream.size() - sizeof kStreamEnd);
  stream.insert(stream.end(), again.begin(), again.end());
  const auto frame = decode_frame(stream, nullptr, schema_of(sample()), {});
  ASSERT_FALSE(frame.ok());
  EXPECT_NE(frame.error().message.find("more than one"), std::string::npos);
}

}  // namespace
}  // namespace wardian::columnar

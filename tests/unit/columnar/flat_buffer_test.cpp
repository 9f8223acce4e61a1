#include "wardian/columnar/flat_buffer.h"

#include <gtest/gtest.h>

namespace wardian::columnar::flat_buffer {
namespace {

std::vector<std::byte> sample() {
  Writer writer;
  const Writer::Field scalars[] = {{2, 8, 77}, {0, 2, 5}};
  const std::uint16_t references[] = {1, 3, 4};
  const auto slots = writer.table(writer.root(), scalars, references);
  writer.string(slots[0], "héllo");
  const auto children = writer.reference_vector(slots[1], 2);
  for (const Writer::Slot child : children) {
    const Writer::Field field[] = {{0, 1, 9}};
    writer.table(child, field, {});
  }
  const std::int64_t structs[] = {1, 2, 3, 4};
  writer.struct_vector(slots[2], structs, 2);
  return std::move(writer).finish();
}

TEST(FlatBuffer, ReadsWhatItWrote) {
  const std::vector<std::byte> buffer = sample();
  const auto root = Table::root(buffer);
  ASSERT_TRUE(root);
  EXPECT_EQ(root->scalar<std::int16_t>(0, 0), 5);
  EXPECT_EQ(root->scalar<std::int64_t>(2, 0), 77);
  EXPECT_EQ(root->string(1), "héllo");
  EXPECT_EQ(root->vector_size(3, 4), 2U);
  EXPECT_EQ(root->vector_table(3, 1)->scalar<std::uint8_t>(0, 0), 9);
  EXPECT_EQ(root->vector_size(4, 16), 2U);
  EXPECT_EQ(root->vector_int64(4, 1, 16, 1), 4);
  EXPECT_FALSE(root->has(5));
  EXPECT_EQ(root->scalar<std::int32_t>(9, -1), -1);
  EXPECT_FALSE(root->vector_table(3, 2));
}

TEST(FlatBuffer, NeverReadsOutsideADamagedBuffer) {
  const std::vector<std::byte> good = sample();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const int value : {0, 1, 0x7f, 0x80, 0xff}) {
      std::vector<std::byte> damaged = good;
      damaged[at] = static_cast<std::byte>(value);
      const auto root = Table::root(damaged);
      if (!root) continue;
      for (std::uint16_t id = 0; id < 8; ++id) {
        (void)root->scalar<std::int64_t>(id, 0);
        const auto text = root->string(id);
        if (text) {
          EXPECT_LE(text->size(), damaged.size());
        }
        for (std::size_t i = 0; i < root->vector_size(id, 4).value_or(0); ++i) (void)root->vector_table(id, i);
        for (std::size_t i = 0; i < root->vector_size(id, 16).value_or(0); ++i) (void)root->vector_int64(id, i, 16, 1);
      }
    }
  }
}

}  // namespace
}  // namespace wardian::columnar::flat_buffer

#include "wardian/columnar/batch_slice.h"

namespace wardian::columnar {
namespace {

struct SliceMemory {
  std::vector<std::vector<std::uint64_t>> validity;
  std::shared_ptr<const void> owner;
};

std::vector<std::uint64_t> shifted(std::span<const std::uint64_t> words, std::size_t begin, std::size_t rows) {
  std::vector<std::uint64_t> out((rows + 63) / 64);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t from = begin + row;
    out[row / 64] |= (words[from / 64] >> (from % 64) & 1U) << (row % 64);
  }
  return out;
}

}  // namespace

Batch slice(const Batch& batch, std::size_t begin, std::size_t rows) {
  auto memory = std::make_shared<SliceMemory>();
  memory->owner = batch.owner;
  memory->validity.reserve(batch.columns.size());
  Batch sliced{.rows = rows, .columns = batch.columns, .owner = memory};
  for (ColumnView& column : sliced.columns) {
    if (!column.validity.empty()) {
      memory->validity.push_back(shifted(column.validity, begin, rows));
      column.validity = memory->validity.back();
    }
    std::visit([&](auto& values) { values = values.subspan(begin, rows); }, column.values);
  }
  return sliced;
}

}  // namespace wardian::columnar

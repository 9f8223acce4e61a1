#include "wardian/algorithm/batch_builder.h"

#include <cassert>

#include "wardian/base/overloaded.h"

namespace wardian::algorithm {

using columnar::ColumnView;
using columnar::Int128;
using columnar::Type;

namespace {

struct Text {
  std::size_t begin = 0;
  std::size_t size = 0;
};

using Cells = std::variant<std::vector<std::uint8_t>, std::vector<std::int32_t>, std::vector<std::int64_t>, std::vector<double>,
                           std::vector<Int128>, std::vector<Text>>;

Cells cells_of(Type type) {
  switch (type) {
    case Type::boolean: return std::vector<std::uint8_t>();
    case Type::int32: return std::vector<std::int32_t>();
    case Type::int64:
    case Type::datetime:
    case Type::timespan: return std::vector<std::int64_t>();
    case Type::real: return std::vector<double>();
    case Type::decimal: return std::vector<Int128>();
    case Type::string:
    case Type::dynamic:
    case Type::guid: return std::vector<Text>();
  }
  return std::vector<Text>();
}

/// What a batch's views show.
struct Shown {
  Cells cells;
  std::vector<std::uint64_t> validity;
  std::string text;
  std::vector<std::string_view> texts;
};

}  // namespace

struct BatchBuilder::ColumnData {
  Type type = Type::dynamic;
  Cells cells;
  std::vector<std::uint64_t> validity;  // empty as long as no cell is null
  std::string text;

  std::size_t size() const {
    return std::visit([](const auto& held) { return held.size(); }, cells);
  }
  template <class T>
  void add(T value) {
    std::get<std::vector<T>>(cells).push_back(value);
    if (!validity.empty()) mark(true);
  }
  /// Of the cell just added.
  void mark(bool valid) {
    const std::size_t row = size() - 1;
    if (row / 64 >= validity.size()) validity.push_back(0);
    if (valid) validity[row / 64] |= std::uint64_t{1} << (row % 64);
  }
  void add_null() {
    if (validity.empty()) {
      const std::size_t before = size();
      validity.assign(before / 64 + 1, ~std::uint64_t{0});
      validity.back() = (std::uint64_t{1} << (before % 64)) - 1;
    }
    std::visit([](auto& held) { held.emplace_back(); }, cells);
    mark(false);
  }
};

BatchBuilder::BatchBuilder(const columnar::Schema& schema) {
  for (const columnar::Column& column : schema) columns_.push_back({column.type, cells_of(column.type), {}, {}});
}
BatchBuilder::~BatchBuilder() = default;
BatchBuilder::BatchBuilder(BatchBuilder&&) noexcept = default;
BatchBuilder& BatchBuilder::operator=(BatchBuilder&&) noexcept = default;

void BatchBuilder::add_bool(std::size_t column, bool value) { columns_[column].add<std::uint8_t>(value ? 1 : 0); }
void BatchBuilder::add_int(std::size_t column, std::int32_t value) { columns_[column].add(value); }
void BatchBuilder::add_long(std::size_t column, std::int64_t value) { columns_[column].add(value); }
void BatchBuilder::add_real(std::size_t column, double value) { columns_[column].add(value); }
void BatchBuilder::add_decimal(std::size_t column, Int128 value) { columns_[column].add(value); }
void BatchBuilder::add_text(std::size_t column, std::string_view value) {
  ColumnData& data = columns_[column];
  data.add(Text{data.text.size(), value.size()});
  data.text += value;
}
void BatchBuilder::add_null(std::size_t column) {
  if (columns_[column].type == Type::string) return add_text(column, {});
  columns_[column].add_null();
}

void BatchBuilder::add_cell(std::size_t column, const ColumnView& from, std::size_t row) {
  if (!from.is_valid(row)) return add_null(column);
  std::visit(overloaded{[&](std::span<const std::string_view> texts) { add_text(column, texts[row]); },
                        [&](const auto& values) { columns_[column].add(values[row]); }},
             from.values);
}

void BatchBuilder::add_value(std::size_t column, const columnar::Value& value) {
  const Type type = columns_[column].type;
  assert(type != Type::decimal);
  std::visit(overloaded{[&](std::monostate) { add_null(column); }, [&](bool held) { add_bool(column, held); },
                        [&](std::int64_t held) {
                          if (type == Type::int32)
                            add_int(column, static_cast<std::int32_t>(held));
                          else
                            add_long(column, held);
                        },
                        [&](double held) { add_real(column, held); }, [&](const std::string& held) { add_text(column, held); }},
             value.held);
}

std::size_t BatchBuilder::rows() const { return columns_.empty() ? 0 : columns_.front().size(); }

std::size_t BatchBuilder::bytes() const {
  std::size_t total = 0;
  for (const ColumnData& column : columns_)
    total += column.text.size() +
             std::visit([](const auto& held) { return held.size() * sizeof(typename std::decay_t<decltype(held)>::value_type); },
                        column.cells);
  return total;
}

columnar::Batch BatchBuilder::take(std::optional<std::size_t> rows) {
  columnar::Batch batch;
  batch.rows = rows.value_or(this->rows());
  auto shown = std::make_shared<std::vector<Shown>>();
  shown->reserve(columns_.size());
  for (ColumnData& column : columns_) {
    assert(column.size() == batch.rows);
    Shown& one = shown->emplace_back(Shown{std::exchange(column.cells, cells_of(column.type)),
                                           std::exchange(column.validity, {}),
                                           std::exchange(column.text, {}),
                                           {}});
    ColumnView view{column.type, column.type == Type::decimal ? std::uint8_t{columnar::kDecimalScale} : std::uint8_t{0}, {}, {}};
    view.validity = one.validity;
    std::visit(overloaded{[&](const std::vector<Text>& places) {
                            one.texts.reserve(places.size());
                            for (const Text& place : places)
                              one.texts.push_back(std::string_view(one.text).substr(place.begin, place.size));
                            view.values = std::span<const std::string_view>(one.texts);
                          },
                          [&](const auto& values) { view.values = std::span(values); }},
               one.cells);
    batch.columns.push_back(std::move(view));
  }
  batch.owner = std::move(shown);
  return batch;
}

namespace {

class FunctionStream final : public columnar::BatchStream {
 public:
  FunctionStream(columnar::Schema schema, std::function<Result<std::optional<columnar::Batch>>()> next)
      : schema_(std::move(schema)), next_(std::move(next)) {}
  const columnar::Schema& schema() const override { return schema_; }
  Result<std::optional<columnar::Batch>> next() override { return next_(); }

 private:
  columnar::Schema schema_;
  std::function<Result<std::optional<columnar::Batch>>()> next_;
};

}  // namespace

std::unique_ptr<columnar::BatchStream> stream_of(columnar::Schema schema,
                                                 std::function<Result<std::optional<columnar::Batch>>()> next) {
  return std::make_unique<FunctionStream>(std::move(schema), std::move(next));
}

}  // namespace wardian::algorithm

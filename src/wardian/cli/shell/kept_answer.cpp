#include "wardian/cli/shell/kept_answer.h"

#include "wardian/base/overloaded.h"

namespace wardian::cli {
namespace {

/// About what a batch takes, texts included.
std::size_t bytes_of(const columnar::Batch& batch) {
  std::size_t bytes = 0;
  for (const columnar::ColumnView& column : batch.columns) {
    bytes += std::visit(overloaded{[](std::span<const std::string_view> texts) {
                                     std::size_t sum = texts.size_bytes();
                                     for (const std::string_view text : texts) sum += text.size();
                                     return sum;
                                   },
                                   [](const auto& values) { return values.size_bytes(); }},
                        column.values);
  }
  return bytes;
}

class KeptStream final : public columnar::BatchStream {
 public:
  explicit KeptStream(const KeptAnswer::Table& table) : table_(table) {}
  const columnar::Schema& schema() const override { return table_.schema; }
  Result<std::optional<columnar::Batch>> next() override {
    if (at_ == table_.batches.size()) return std::optional<columnar::Batch>();
    return std::optional(table_.batches[at_++]);
  }

 private:
  const KeptAnswer::Table& table_;
  std::size_t at_ = 0;
};

class AgainAnswer final : public session::Answer {
 public:
  explicit AgainAnswer(const KeptAnswer& kept) : kept_(kept) {}
  Result<std::optional<session::ResultTable>> next() override {
    if (at_ == kept_.tables.size()) return std::optional<session::ResultTable>();
    const KeptAnswer::Table& table = kept_.tables[at_++];
    session::ResultTable made;
    made.name = table.name;
    made.schema = table.schema;
    made.rendering = table.rendering;
    made.rows = std::make_unique<KeptStream>(table);
    return std::optional<session::ResultTable>(std::move(made));
  }
  Result<std::vector<session::LeftOutput>> outputs() override { return std::vector<session::LeftOutput>(); }

 private:
  const KeptAnswer& kept_;
  std::size_t at_ = 0;
};

/// The first rows of a batch.
columnar::Batch first_rows(const columnar::Batch& batch, std::size_t rows) {
  columnar::Batch made = batch;
  made.rows = rows;
  for (columnar::ColumnView& column : made.columns) std::visit([&](auto& values) { values = values.first(rows); }, column.values);
  return made;
}

}  // namespace

std::unique_ptr<session::Answer> KeptAnswer::again() const { return std::make_unique<AgainAnswer>(*this); }

class KeepingAnswer::Stream final : public columnar::BatchStream {
 public:
  Stream(KeepingAnswer& answer, std::size_t table, std::unique_ptr<columnar::BatchStream> inner)
      : answer_(answer), table_(table), inner_(std::move(inner)) {}
  const columnar::Schema& schema() const override { return inner_->schema(); }

  Result<std::optional<columnar::Batch>> next() override {
    while (true) {
      WARDIAN_ASSIGN(std::optional<columnar::Batch> batch, inner_->next());
      if (!batch) {
        end();
        return batch;
      }
      keep(*batch);
      const std::uint64_t room = answer_.rows_max_ ? *answer_.rows_max_ - given_ : batch->rows;
      given_ += std::min<std::uint64_t>(room, batch->rows);
      if (batch->rows > room) {
        answer_.cut_ = true;
        if (room > 0) return std::optional(first_rows(*batch, room));
        // No row more is shown; they are read on as long as they can be kept.
        if (answer_.too_large_) return std::optional<columnar::Batch>();
        continue;
      }
      return batch;
    }
  }

 private:
  void keep(const columnar::Batch& batch) {
    KeptAnswer& kept = answer_.kept_;
    if (answer_.too_large_) return;
    kept.bytes += bytes_of(batch);
    answer_.too_large_ = kept.bytes > KeptAnswer::kBytesMax;
    if (answer_.too_large_) {
      for (KeptAnswer::Table& table : kept.tables) table.batches.clear();
    } else {
      kept.tables[table_].batches.push_back(batch);
    }
  }
  void end() {
    if (!std::exchange(ended_, true)) --answer_.unread_;
  }

  KeepingAnswer& answer_;
  std::size_t table_;
  std::unique_ptr<columnar::BatchStream> inner_;
  std::uint64_t given_ = 0;
  bool ended_ = false;
};

Result<std::optional<session::ResultTable>> KeepingAnswer::next() {
  WARDIAN_ASSIGN(std::optional<session::ResultTable> table, inner_.next());
  if (!table) {
    kept_.whole = unread_ == 0 && !too_large_;
    return std::optional<session::ResultTable>();
  }
  kept_.tables.push_back({table->name, table->schema, table->rendering, {}});
  ++unread_;
  table->rows = std::make_unique<Stream>(*this, kept_.tables.size() - 1, std::move(table->rows));
  return std::optional<session::ResultTable>(*std::move(table));
}

}  // namespace wardian::cli

#include "wardian/cli/answer/cell_text.h"
#include "wardian/cli/answer/writers.h"

namespace wardian::cli {
namespace {

class CsvWriter final : public AnswerWriter {
 public:
  explicit CsvWriter(OutputStream& out) : out_(out) {}

  Status begin_result(std::string_view, const columnar::Schema& schema) override {
    line_.clear();
    if (results_++ > 0) line_ += "\r\n";
    for (std::size_t at = 0; at < schema.size(); ++at) {
      if (at > 0) line_ += ',';
      append_field(schema[at].name);
    }
    line_ += "\r\n";
    return out_.write(line_);
  }

  Status rows(const columnar::Batch& batch) override {
    line_.clear();
    for (std::size_t row = 0; row < batch.rows; ++row) {
      for (std::size_t at = 0; at < batch.columns.size(); ++at) {
        if (at > 0) line_ += ',';
        cell_.clear();
        append_cell_text(cell_, batch.columns[at], row);
        append_field(cell_);
      }
      line_ += "\r\n";
    }
    return out_.write(line_);
  }

  Status end_result() override { return {}; }
  Status finish() override { return out_.flush(); }

 private:
  void append_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
      line_ += text;
      return;
    }
    line_ += '"';
    for (const char c : text) {
      if (c == '"') line_ += '"';
      line_ += c;
    }
    line_ += '"';
  }

  OutputStream& out_;
  std::string line_, cell_;
  int results_ = 0;
};

}  // namespace

std::unique_ptr<AnswerWriter> make_csv_writer(OutputStream& out) { return std::make_unique<CsvWriter>(out); }

}  // namespace wardian::cli

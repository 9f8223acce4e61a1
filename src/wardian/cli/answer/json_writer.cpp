#include "wardian/cli/answer/cell_text.h"
#include "wardian/cli/answer/writers.h"
#include "wardian/kernels/json_text.h"

namespace wardian::cli {
namespace {

class JsonWriter final : public AnswerWriter {
 public:
  explicit JsonWriter(OutputStream& out) : out_(out) {}

  Status begin_result(std::string_view name, const columnar::Schema& schema) override {
    text_ = results_++ == 0 ? "{\"tables\":[" : ",";
    text_ += "{\"name\":";
    kernels::append_json_string(text_, name);
    text_ += ",\"columns\":[";
    for (std::size_t at = 0; at < schema.size(); ++at) {
      if (at > 0) text_ += ',';
      text_ += "{\"name\":";
      kernels::append_json_string(text_, schema[at].name);
      text_ += ",\"type\":\"";
      text_ += columnar::type_name(schema[at].type);
      text_ += "\"}";
    }
    text_ += "],\"rows\":[";
    first_row_ = true;
    return out_.write(text_);
  }

  Status rows(const columnar::Batch& batch) override {
    text_.clear();
    for (std::size_t row = 0; row < batch.rows; ++row) {
      text_ += first_row_ ? "\n[" : ",\n[";
      first_row_ = false;
      for (std::size_t at = 0; at < batch.columns.size(); ++at) {
        if (at > 0) text_ += ',';
        append_cell_json(text_, batch.columns[at], row);
      }
      text_ += ']';
    }
    return out_.write(text_);
  }

  Status end_result() override { return out_.write("]}"); }

  Status finish() override {
    WARDIAN_TRY(out_.write(results_ == 0 ? "{\"tables\":[]}\n" : "]}\n"));
    return out_.flush();
  }

 private:
  OutputStream& out_;
  std::string text_;
  int results_ = 0;
  bool first_row_ = true;
};

class JsonLinesWriter final : public AnswerWriter {
 public:
  explicit JsonLinesWriter(OutputStream& out) : out_(out) {}

  Status begin_result(std::string_view, const columnar::Schema& schema) override {
    keys_.clear();
    for (const columnar::Column& column : schema) {
      std::string key = keys_.empty() ? "{" : ",";
      kernels::append_json_string(key, column.name);
      keys_.push_back(key + ":");
    }
    return {};
  }

  Status rows(const columnar::Batch& batch) override {
    text_.clear();
    for (std::size_t row = 0; row < batch.rows; ++row) {
      if (keys_.empty()) text_ += '{';
      for (std::size_t at = 0; at < keys_.size(); ++at) {
        text_ += keys_[at];
        append_cell_json(text_, batch.columns[at], row);
      }
      text_ += "}\n";
    }
    return out_.write(text_);
  }

  Status end_result() override { return {}; }
  Status finish() override { return out_.flush(); }

 private:
  OutputStream& out_;
  std::vector<std::string> keys_;  // each with the punctuation before it
  std::string text_;
};

}  // namespace

std::unique_ptr<AnswerWriter> make_json_writer(OutputStream& out) { return std::make_unique<JsonWriter>(out); }
std::unique_ptr<AnswerWriter> make_json_lines_writer(OutputStream& out) { return std::make_unique<JsonLinesWriter>(out); }

}  // namespace wardian::cli

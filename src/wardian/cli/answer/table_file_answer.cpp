#include "wardian/cli/answer/writers.h"
#include "wardian/columnar/table_file.h"

namespace wardian::cli {
namespace {

/// The answer's stream as a sink of bytes; begins anew where it goes to a plain file.
class AnswerSink final : public columnar::ByteSink {
 public:
  AnswerSink(OutputStream& out, OutputFile* file) : out_(out), file_(file) {}
  Status write(std::string_view bytes) override { return out_.write(bytes); }
  Status flush() override { return out_.flush(); }
  bool can_restart() const override { return file_ != nullptr && file_->is_replaced(); }
  Result<UniqueFd> restart() override {
    WARDIAN_ASSIGN(UniqueFd before, file_->restart());
    out_.redirect(file_->fd());
    return before;
  }

 private:
  OutputStream& out_;
  OutputFile* file_;
};

columnar::TableFileFormat file_format(const AnswerOptions& options) {
  if (options.format == AnswerFormat::parquet) return columnar::TableFileFormat::parquet;
  const bool file = options.file != nullptr && options.file->is_replaced() && options.file->path().extension() != ".arrows";
  return file ? columnar::TableFileFormat::arrow_file : columnar::TableFileFormat::arrow_stream;
}

class TableFileAnswer final : public AnswerWriter {
 public:
  TableFileAnswer(const AnswerOptions& options, OutputStream& out)
      : format_(file_format(options)), out_(out), sink_(out, options.file) {}

  Status begin_result(std::string_view, const columnar::Schema& schema) override {
    if (writer_ != nullptr) return several();
    WARDIAN_ASSIGN(writer_, columnar::open_table_file(format_, schema, sink_));
    return {};
  }
  Status rows(const columnar::Batch& batch) override { return writer_->append(batch); }
  Status end_result() override { return {}; }
  Status finish() override {
    if (writer_ == nullptr) return Error{ErrorCode::not_supported, "The query has no result to put into the file", {}, {}};
    WARDIAN_TRY(writer_->finish());
    return out_.flush();
  }

 private:
  static Error several() {
    return Error{ErrorCode::not_supported,
                 "The query has several results, and an Arrow or Parquet file holds one",
                 {},
                 "Ask for one at a time, or for the format json."};
  }

  columnar::TableFileFormat format_;
  OutputStream& out_;
  AnswerSink sink_;
  std::unique_ptr<columnar::TableFileWriter> writer_;  // of the one result
};

}  // namespace

std::unique_ptr<AnswerWriter> make_table_file_answer(const AnswerOptions& options, OutputStream& out) {
  return std::make_unique<TableFileAnswer>(options, out);
}

}  // namespace wardian::cli

#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "wardian/cli/answer/grid.h"
#include "wardian/cli/answer/output_file.h"
#include "wardian/cli/answer/output_stream.h"
#include "wardian/columnar/batch.h"
#include "wardian/plan/node.h"

namespace wardian::cli {

enum class AnswerFormat : std::uint8_t { table, json, jsonl, csv, html, arrow, parquet };
std::optional<AnswerFormat> answer_format(std::string_view name);
/// The format whose files have such names, of those that are no text: a table as text in a file named .parquet is of no use.
std::optional<AnswerFormat> answer_format_of_file(const std::filesystem::path& file);
/// Whether a person reads it in a terminal.
inline bool is_text(AnswerFormat format) { return format < AnswerFormat::html; }

struct AnswerOptions {
  AnswerFormat format = AnswerFormat::table;
  int width = 0;               // terminal columns to keep within; 0: as wide as the rows are
  OutputFile* file = nullptr;  // where `out` goes, if that is a file; outlives the writer
  bool coloured = false;       // charts have the terminal's colours
};

/// Writes the results of one request, one after the other, as their rows come. Calls in order: begin_result, rows…,
/// end_result, again for each result, then finish. Memory does not depend on the number of rows. In the place of one result's calls chart
/// may be called, where the format draws that kind.
class AnswerWriter {
 public:
  virtual ~AnswerWriter() = default;
  virtual bool draws(std::string_view) const { return false; }
  /// False where the columns give no chart: the rows are to be written instead.
  virtual Result<bool> chart(const plan::Rendering&, const Grid&) { return false; }
  virtual Status begin_result(std::string_view name, const columnar::Schema& schema) = 0;
  virtual Status rows(const columnar::Batch& batch) = 0;
  virtual Status end_result() = 0;
  virtual Status finish() = 0;
};

/// json: {"tables": [{"name", "columns": [{"name", "type"}], "rows": [[…]]}]}. jsonl: one object a row.
/// csv: RFC 4180 with a header line; results are set apart by an empty line. table: aligned columns, a line of row counts; charts
/// as lines of text. html: one page that works without a network; charts by Vega-Lite.
/// arrow, parquet: one result (columnar/table_file.h); arrow is an IPC file where `file` is a plain one whose name does not end in
/// .arrows, else an IPC stream. Errors of these: not_supported at a second result.
std::unique_ptr<AnswerWriter> make_answer_writer(const AnswerOptions& options, OutputStream& out);

}  // namespace wardian::cli

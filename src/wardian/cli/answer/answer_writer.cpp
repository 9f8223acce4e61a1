#include "wardian/cli/answer/answer_writer.h"

#include <array>
#include <utility>

#include "wardian/cli/answer/writers.h"

namespace wardian::cli {

std::optional<AnswerFormat> answer_format(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, AnswerFormat>, 4> kFormats = {
      {{"table", AnswerFormat::table}, {"json", AnswerFormat::json}, {"jsonl", AnswerFormat::jsonl}, {"csv", AnswerFormat::csv}}};
  for (const auto& [known, format] : kFormats) {
    if (known == name) return format;
  }
  return std::nullopt;
}

std::unique_ptr<AnswerWriter> make_answer_writer(const AnswerOptions& options, OutputStream& out) {
  switch (options.format) {
    case AnswerFormat::table: return make_table_writer(options, out);
    case AnswerFormat::json: return make_json_writer(out);
    case AnswerFormat::jsonl: return make_json_lines_writer(out);
    case AnswerFormat::csv: return make_csv_writer(out);
  }
  return nullptr;
}

}  // namespace wardian::cli

#include "wardian/cli/answer/answer_writer.h"

#include <array>
#include <utility>

#include "wardian/catalog/foreign_file.h"
#include "wardian/cli/answer/writers.h"

namespace wardian::cli {

std::optional<AnswerFormat> answer_format(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, AnswerFormat>, 7> kFormats = {{{"table", AnswerFormat::table},
                                                                                         {"json", AnswerFormat::json},
                                                                                         {"jsonl", AnswerFormat::jsonl},
                                                                                         {"csv", AnswerFormat::csv},
                                                                                         {"html", AnswerFormat::html},
                                                                                         {"arrow", AnswerFormat::arrow},
                                                                                         {"parquet", AnswerFormat::parquet}}};
  for (const auto& [known, format] : kFormats) {
    if (known == name) return format;
  }
  return std::nullopt;
}

std::optional<AnswerFormat> answer_format_of_file(const std::filesystem::path& file) {
  if (file.extension() == ".html" || file.extension() == ".htm") return AnswerFormat::html;
  switch (catalog::file_format(file).value_or(catalog::FileFormat::whole)) {
    case catalog::FileFormat::arrow: return AnswerFormat::arrow;
    case catalog::FileFormat::parquet: return AnswerFormat::parquet;
    default: return std::nullopt;
  }
}

std::unique_ptr<AnswerWriter> make_answer_writer(const AnswerOptions& options, OutputStream& out) {
  switch (options.format) {
    case AnswerFormat::table: return make_table_writer(options, out);
    case AnswerFormat::json: return make_json_writer(out);
    case AnswerFormat::jsonl: return make_json_lines_writer(out);
    case AnswerFormat::csv: return make_csv_writer(out);
    case AnswerFormat::html: return make_html_writer(out);
    case AnswerFormat::arrow:
    case AnswerFormat::parquet: return make_table_file_answer(options, out);
  }
  return nullptr;
}

}  // namespace wardian::cli

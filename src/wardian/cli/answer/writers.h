#pragma once

#include "wardian/cli/answer/answer_writer.h"

namespace wardian::cli {

std::unique_ptr<AnswerWriter> make_table_writer(const AnswerOptions& options, OutputStream& out);
std::unique_ptr<AnswerWriter> make_json_writer(OutputStream& out);
std::unique_ptr<AnswerWriter> make_json_lines_writer(OutputStream& out);
std::unique_ptr<AnswerWriter> make_csv_writer(OutputStream& out);
std::unique_ptr<AnswerWriter> make_html_writer(OutputStream& out);
std::unique_ptr<AnswerWriter> make_table_file_answer(const AnswerOptions& options, OutputStream& out);

}  // namespace wardian::cli

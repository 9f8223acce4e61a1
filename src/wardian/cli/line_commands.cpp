#include <simdjson.h>
#include <unistd.h>

#include <iostream>

#include "wardian/cli/answer/cell_text.h"
#include "wardian/cli/commands.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/interrupt.h"
#include "wardian/cli/line_source.h"
#include "wardian/cli/open_instance.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kql/syntax/parser.h"

// The pipe forms: one JSON object a line in, one a line out, each answered and flushed before the next is read.
namespace wardian::cli {
namespace {

struct Line {
  std::string id;  // as JSON, given back as it came
  std::string query;
};

Result<Line> read_line(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const simdjson::padded_string padded(text);
  Line line{"null", ""};
  if (parser.parse(padded).get(root) != simdjson::SUCCESS || !root.is_object()) {
    return Error{
        ErrorCode::usage, "The line is no JSON object", {}, R"(Send {"id": "1", "query": "print 1"}, one object a line.)"};
  }
  simdjson::dom::element id;
  if (root["id"].get(id) == simdjson::SUCCESS) line.id = simdjson::minify(id);
  std::string_view query;
  if (root["query"].get(query) != simdjson::SUCCESS) {
    return Error{
        ErrorCode::usage, "The line has no text named query", {}, R"(Send {"id": "1", "query": "print 1"}, one object a line.)"};
  }
  line.query = query;
  return line;
}

/// Answers every line of standard input until its end or the token's cancellation. kFailed when nobody reads the answers any more.
template <class AnswerLine>
int answer_lines(const process::CancelToken* token, AnswerLine&& answer) {
  LineSource source(STDIN_FILENO, token);
  while (true) {
    const Result<std::optional<std::string>> text = source.next();
    if (text.ok() && !*text) return kFine;
    if (text.ok() && (*text)->find_first_not_of(" \t\r") == std::string::npos) continue;
    const Result<Line> line = text.ok() ? read_line(**text) : Result<Line>(text.error());
    std::string out = "{\"id\":" + (line.ok() ? line->id : "null") + ",";
    if (line.ok()) {
      answer(*line, out);
    } else {
      out += "\"error\":" + error_json(line.error(), {});
    }
    out += "}\n";
    std::cout << out << std::flush;
    if (!std::cout) return kFailed;
  }
}

/// The first table of the answer, whole: the form holds it in one line. Later ones are computed and dropped, so that
/// their errors are seen.
Status append_first_table(session::Answer& answer, std::string& out) {
  bool first = true;
  while (true) {
    WARDIAN_ASSIGN(std::optional<session::ResultTable> table, answer.next());
    if (!table) break;
    std::string names, types, rows;
    for (const columnar::Column& column : table->schema) {
      if (!names.empty()) names += ',', types += ',';
      kernels::append_json_string(names, column.name);
      types += '"' + std::string(columnar::type_name(column.type)) + '"';
    }
    while (true) {
      WARDIAN_ASSIGN(const std::optional<columnar::Batch> batch, table->rows->next());
      if (!batch) break;
      for (std::size_t row = 0; first && row < batch->rows; ++row) {
        rows += rows.empty() ? "[" : ",[";
        for (std::size_t at = 0; at < batch->columns.size(); ++at) {
          if (at > 0) rows += ',';
          append_cell_json(rows, batch->columns[at], row);
        }
        rows += ']';
      }
    }
    if (first) out += "\"columns\":[" + names + "],\"types\":[" + types + "],\"rows\":[" + rows + "]";
    first = false;
  }
  if (first) out += "\"columns\":[],\"types\":[],\"rows\":[]";
  return {};
}

}  // namespace

int run_query_lines(const QueryOptions& options) {
  const InterruptScope interrupt;
  auto instance = open_instance(options.surroundings);
  if (!instance.ok()) {
    std::cerr << error_text(instance.error(), {}, "");
    return kFailed;
  }
  const int status = answer_lines(&interrupt.token(), [&](const Line& line, std::string& out) {
    session::Request request;
    request.text = line.query;
    for (const auto& [name, value] : options.parameters) request.parameters[name] = value;
    request.sandbox = options.surroundings.sandbox;
    request.external_files_allowed = options.surroundings.external_files_allowed;
    request.cancel = &interrupt.token();
    if (options.timeout) request.deadline = std::chrono::steady_clock::now() + *options.timeout;
    const std::size_t before = out.size();
    auto answer = (*instance)->run(request);
    const Status done = answer.ok() ? append_first_table(**answer, out) : Status(answer.error());
    if (done.ok()) return;
    out.resize(before);
    out += "\"error\":" + error_json(done.error(), line.query);
  });
  return interrupt.token().cancelled() ? static_cast<int>(kInterrupted) : status;
}

int run_parse_lines() {
  return answer_lines(nullptr, [](const Line& line, std::string& out) {
    namespace syntax = kql::syntax;
    const auto report = [&](const auto& tree) {
      out += tree.ok() ? "\"ok\":true" : "\"error\":" + error_json(tree.error(), line.query);
    };
    if (syntax::is_command(line.query)) {
      report(syntax::parse_command_script(line.query));
    } else {
      report(syntax::parse_query(line.query));
    }
  });
}

}  // namespace wardian::cli

#include <simdjson.h>
#include <unistd.h>

#include <iostream>

#include "wardian/cli/answer/cell_text.h"
#include "wardian/cli/commands.h"
#include "wardian/cli/completion_json.h"
#include "wardian/cli/debug/keep_calls.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/interrupt.h"
#include "wardian/cli/line_source.h"
#include "wardian/cli/open_instance.h"
#include "wardian/cli/outputs/outputs_json.h"
#include "wardian/cli/plain_output.h"
#include "wardian/cli/profile_text.h"
#include "wardian/cli/request_of.h"
#include "wardian/kernels/json_text.h"
#include "wardian/kql/syntax/parser.h"

// The pipe forms: one JSON object a line in, one a line out, each answered and flushed before the next is read.
namespace wardian::cli {
namespace {

struct Line {
  std::string id = "null";  // as JSON, given back as it came
  std::string query;
  std::optional<std::uint64_t> cursor;  // of complete
};

Error bad_line(std::string message) {
  return {ErrorCode::usage, std::move(message), {}, R"(Send {"id": "1", "query": "print 1"}, one object a line.)"};
}

/// The id of a line that is wrong somewhere else, by a parser that looks no further; "null" where there is none.
std::string id_of_bad_line(const simdjson::padded_string& text) {
  simdjson::ondemand::parser lazy;
  simdjson::ondemand::document root;
  std::string_view raw;
  if (lazy.iterate(text).get(root) != simdjson::SUCCESS) return "null";
  if (simdjson::to_json_string(root["id"]).get(raw) != simdjson::SUCCESS) return "null";
  simdjson::dom::parser parser;
  simdjson::dom::element id;
  return parser.parse(raw.data(), raw.size(), true).get(id) == simdjson::SUCCESS ? simdjson::minify(id) : "null";
}

/// `line.id` is set whenever the text has one.
Status read_line(std::string_view text, Line& line) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const simdjson::padded_string padded(text);
  if (const auto parsed = parser.parse(padded).get(root); parsed != simdjson::SUCCESS || !root.is_object()) {
    line.id = id_of_bad_line(padded);
    if (parsed == simdjson::STRING_ERROR)
      return bad_line("A text of the line is no Unicode: half a character, or an unknown escape");
    return bad_line("The line is no JSON object");
  }
  simdjson::dom::element id;
  if (root["id"].get(id) == simdjson::SUCCESS) line.id = simdjson::minify(id);
  std::string_view query;
  if (root["query"].get(query) != simdjson::SUCCESS) return bad_line("The line has no text named query");
  line.query = query;
  if (std::uint64_t cursor = 0; root["cursor"].get(cursor) == simdjson::SUCCESS) line.cursor = cursor;
  return {};
}

/// Answers every line of standard input until its end or the token's cancellation. kFailed when nobody reads the answers any more.
template <class AnswerLine>
int answer_lines(const process::CancelToken* token, AnswerLine&& answer) {
  LineSource source(STDIN_FILENO, token);
  while (true) {
    const Result<std::optional<std::string>> text = source.next();
    if (text.ok() && !*text) return kFine;
    if (text.ok() && (*text)->find_first_not_of(" \t\r") == std::string::npos) continue;
    Line line;
    const Status read = text.ok() ? read_line(**text, line) : Status(text.error());
    std::string out = "{\"id\":" + line.id + ",";
    if (read.ok()) {
      answer(line, out);
    } else {
      out += error_members(read.error(), {});
    }
    out += "}\n";
    std::cout << out << std::flush;
    if (!std::cout) return output_failed("standard output");
  }
}

/// What scripts left beside, where there is any.
Status append_outputs(session::Answer& answer, std::string& out, ArtifactFolder* folder) {
  WARDIAN_ASSIGN(const std::vector<session::LeftOutput> outputs, answer.outputs());
  if (outputs.empty()) return {};
  out += ",\"outputs\":";
  return append_outputs_json(out, outputs, folder);
}

void append_schema(const columnar::Schema& schema, std::string& out) {
  std::string names, types;
  for (const columnar::Column& column : schema) {
    if (!names.empty()) names += ',', types += ',';
    kernels::append_json_string(names, column.name);
    types += '"' + std::string(columnar::type_name(column.type)) + '"';
  }
  out += "\"columns\":[" + names + "],\"types\":[" + types + "]";
}

/// The first table of the answer, whole: the form holds it in one line. Later ones are computed and dropped, so that
/// their errors are seen.
Status append_first_table(session::Answer& answer, std::string& out) {
  bool first = true;
  while (true) {
    WARDIAN_ASSIGN(std::optional<session::ResultTable> table, answer.next());
    if (!table) break;
    std::string rows;
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
    if (first) {
      append_schema(table->schema, out);
      out += ",\"rows\":[" + rows + "]";
    }
    first = false;
  }
  if (first) out += "\"columns\":[],\"types\":[],\"rows\":[]";
  return {};
}

/// Answers lines that run nothing: one request each, which nothing has to cancel.
template <class Answer>
int bind_lines(const QueryOptions& options, Answer answer) {
  auto instance = open_instance(options.surroundings);
  if (!instance.ok()) {
    std::cerr << error_text(instance.error(), {}, "");
    return kFailed;
  }
  const process::CancelToken never;
  return answer_lines(nullptr, [&](const Line& line, std::string& out) {
    session::Request request = request_of(options, never);
    request.text = line.query;
    answer(**instance, request, line, out);
  });
}

}  // namespace

int run_query_lines(const QueryOptions& options) {
  const InterruptScope interrupt;
  const auto fail = [](const Error& error) {
    std::cerr << error_text(error, {}, "");
    return kFailed;
  };
  std::optional<ArtifactFolder> artifacts;
  if (options.artifacts) {
    auto opened = ArtifactFolder::open(*options.artifacts);
    if (!opened.ok()) return fail(opened.error());
    artifacts = std::move(*opened);
  }
  auto instance = open_instance(options.surroundings);
  if (!instance.ok()) return fail(instance.error());
  const int status = answer_lines(&interrupt.token(), [&](const Line& line, std::string& out) {
    session::Request request = request_of(options, interrupt.token());
    request.text = line.query;
    (void)keep_calls(options, request);  // no folder is named in this form
    ProfileList profiles;
    if (options.profile) request.on_profile = [&](const session::PythonProfile& one) { profiles.add(one); };
    const std::size_t before = out.size();
    auto answer = (*instance)->run(request);
    Status done = answer.ok() ? append_first_table(**answer, out) : Status(answer.error());
    if (done.ok()) done = append_outputs(**answer, out, artifacts ? &*artifacts : nullptr);
    tell_calls_kept(options, request);
    if (!done.ok()) {
      out.resize(before);
      out += error_members(done.error(), line.query);
    }
    if (options.profile) out += ",\"profile\":" + profile_json(profiles.take());
  });
  return interrupt.token().cancelled() ? static_cast<int>(kInterrupted) : status;
}

int run_check_lines(const QueryOptions& options) {
  return bind_lines(options,
                    [](session::Instance& instance, const session::Request& request, const Line& line, std::string& out) {
                      const auto checked = instance.check(request);
                      if (!checked.ok()) {
                        out += error_members(checked.error(), line.query);
                        return;
                      }
                      out += "\"results\":[";
                      for (const columnar::Schema& schema : checked->results) {
                        out += out.ends_with('}') ? ",{" : "{";
                        append_schema(schema, out);
                        out += '}';
                      }
                      out += ']';
                      if (!checked->undetermined) return;
                      out += ",\"undetermined\":";
                      kernels::append_json_string(out, checked->undetermined->what);
                    });
}

int run_explain_lines(const QueryOptions& options) {
  return bind_lines(options,
                    [](session::Instance& instance, const session::Request& request, const Line& line, std::string& out) {
                      const auto explanation = instance.explain(request);
                      if (!explanation.ok()) {
                        out += error_members(explanation.error(), line.query);
                        return;
                      }
                      out += "\"plan\":";
                      kernels::append_json_string(out, explanation->plan);
                      out += ",\"stages\":";
                      kernels::append_json_string(out, explanation->stages);
                      out += ",\"files\":";
                      kernels::append_json_string(out, explanation->files);
                    });
}

int run_complete_lines(const QueryOptions& options) {
  return bind_lines(options,
                    [](session::Instance& instance, const session::Request& request, const Line& line, std::string& out) {
                      const std::size_t cursor = line.cursor ? byte_of_character(line.query, *line.cursor) : line.query.size();
                      append_completion(out, instance.complete(request, cursor), line.query);
                    });
}

int run_parse_lines() {
  return answer_lines(nullptr, [](const Line& line, std::string& out) {
    namespace syntax = kql::syntax;
    const auto report = [&](const auto& tree) { out += tree.ok() ? "\"ok\":true" : error_members(tree.error(), line.query); };
    if (syntax::is_command(line.query)) {
      report(syntax::parse_command_script(line.query));
    } else {
      report(syntax::parse_query(line.query));
    }
  });
}

}  // namespace wardian::cli

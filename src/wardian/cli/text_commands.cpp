#include <cstdio>

#include "wardian/cli/answer/aligned_rows.h"
#include "wardian/cli/answer/display_width.h"
#include "wardian/cli/commands.h"
#include "wardian/cli/completion_json.h"
#include "wardian/cli/error_text.h"
#include "wardian/cli/open_instance.h"
#include "wardian/cli/plain_output.h"
#include "wardian/cli/request_of.h"
#include "wardian/kql/syntax/parser.h"
#include "wardian/sandbox/doctor.h"

// Commands whose answer is a text: parse, explain, check, doctor.
namespace wardian::cli {
namespace {

int fail(const Error& error, std::string_view text, std::string_view name) {
  std::fputs(error_text(error, text, name).c_str(), stderr);
  return kFailed;
}

}  // namespace

int run_parse(const std::string& text, const std::string& name) {
  namespace syntax = kql::syntax;
  const auto verdict = [&](const auto& tree) { return tree.ok() ? show_text("ok\n") : fail(tree.error(), text, name); };
  return syntax::is_command(text) ? verdict(syntax::parse_command_script(text)) : verdict(syntax::parse_query(text));
}

int run_explain(const QueryOptions& options) {
  auto instance = open_instance(options.surroundings);
  if (!instance.ok()) return fail(instance.error(), options.text, options.text_name);
  const process::CancelToken never;
  const session::Request request = request_of(options, never);
  const auto explanation = (*instance)->explain(request);
  if (!explanation.ok()) return fail(explanation.error(), options.text, options.text_name);
  const std::string files = explanation->files.empty() ? "" : "\n-- files\n" + explanation->files;
  return show_text("-- logical plan\n" + explanation->plan + "\n-- stages\n" + explanation->stages + files);
}

int run_check(const QueryOptions& options) {
  auto instance = open_instance(options.surroundings);
  if (!instance.ok()) return fail(instance.error(), options.text, options.text_name);
  const process::CancelToken never;
  const auto checked = (*instance)->check(request_of(options, never));
  if (!checked.ok()) return fail(checked.error(), options.text, options.text_name);
  std::string out;
  for (const columnar::Schema& schema : checked->results) {
    std::string line;
    for (const columnar::Column& column : schema)
      line += (line.empty() ? "" : ", ") + on_one_line(column.name) + ":" + std::string(columnar::type_name(column.type));
    out += line + "\n";
  }
  if (checked->undetermined) out += "(?) what follows " + checked->undetermined->what + " is known once it has run\n";
  return show_text(out);
}

int run_complete(const QueryOptions& options, std::optional<std::size_t> cursor) {
  auto instance = open_instance(options.surroundings);
  if (!instance.ok()) return fail(instance.error(), options.text, options.text_name);
  const process::CancelToken never;
  const std::size_t place = cursor ? byte_of_character(options.text, *cursor) : options.text.size();
  std::vector<std::vector<std::string>> rows;
  for (const kql::Candidate& one : (*instance)->complete(request_of(options, never), place).candidates)
    rows.push_back({on_one_line(one.label), std::string(kql::candidate_kind_name(one.kind)), on_one_line(one.detail)});
  return show_text(aligned_rows(rows, [](std::size_t, std::size_t) { return false; }));
}

int run_doctor(bool json) {
  const auto image = default_image();
  if (!image.ok()) return fail(image.error(), {}, "");
  const auto report = sandbox::examine(*image);
  if (!report.ok()) return fail(report.error(), {}, "");
  const int shown = show_text(json ? report->json() + "\n" : report->words());
  return report->sound() ? shown : kFailed;
}

}  // namespace wardian::cli

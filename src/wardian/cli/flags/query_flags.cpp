#include <unistd.h>

#include <iostream>
#include <iterator>

#include "wardian/cli/commands.h"
#include "wardian/cli/flags/artifact_flags.h"
#include "wardian/cli/flags/command_flags.h"
#include "wardian/cli/flags/flag_values.h"
#include "wardian/cli/flags/sandbox_flags.h"
#include "wardian/kql/request_options.h"
#include "wardian/process/whole_file.h"

// query, explain, check and parse: the commands that take a query's text.
namespace wardian::cli {
namespace {

/// The text of a query, wherever it comes from, and what errors call it.
struct GivenText {
  std::string words, file;
  bool lines = false;
};

/// What the options of query and explain were given as; turned into QueryOptions once all are read.
struct GivenOptions {
  GivenText text;
  std::string database_folder, database = "default", declarations, format, output, page, timeout, outputs_folder;
  std::string pictures = "auto", python_dtypes;
  std::vector<std::string> tables, parameters;
  std::string memory;
  GivenSandbox sandbox;
  std::string image, debug_folder;
  GivenArtifacts artifacts;
  bool console = false, external_files = false, build_images = false, profile = false, keep_blobs = false;
};

void add_text_options(CLI::App& command, GivenText& given) {
  command.add_option("text", given.words, "the query; - reads standard input");
  command.add_option("-f,--file", given.file, "read the query from FILE")->type_name("FILE");
}

void add_data_options(CLI::App& command, GivenOptions& given) {
  command.add_option("--db", given.database_folder, "database folder; without it nothing is stored")->type_name("FOLDER");
  command.add_option("--database", given.database, "the database of that folder (default: default)")->type_name("NAME");
  // One value each time, or the query's text after such an option would be taken for one more of them.
  command.add_option("--table", given.tables, "show a CSV, TSV, JSON lines, Parquet or Arrow file as a table; may be repeated")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false);
  command.add_option("--param", given.parameters, "a value for declare query_parameters; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_flag("--allow-external-files", given.external_files, "let externaldata and external_artifacts read local files");
  add_artifact_options(command, given.artifacts);
}

void add_query_options(CLI::App& command, GivenOptions& given) {
  add_text_options(command, given.text);
  add_data_options(command, given);
}

CLI::Option* add_lines_option(CLI::App& command, GivenText& given) {
  CLI::Option* lines = command.add_flag("--jsonl", given.lines, "read {\"id\", \"query\"} lines, answer each with a line");
  return lines->excludes(command.get_option("text"))->excludes(command.get_option("--file"));
}

void add_limit_options(CLI::App& command, GivenOptions& given) {
  command.add_option("--timeout", given.timeout, "end the query after that long: 500ms, 30s, 5m")->type_name("TIME");
  add_memory_option(command, given.memory);
  add_sandbox_options(command, given.sandbox);
  command.add_option("--image", given.image, "run scripts in this image; see wardian image")->type_name("NAME");
  command
      .add_option("--python-dtypes", given.python_dtypes, "how scripts are given columns: default, arrow, nullable or classic")
      ->type_name("DTYPES");
  command.add_flag("--build-images", given.build_images, "make the images that scripts ask for in their # /// script block");
}

void add_run_options(CLI::App& command, GivenOptions& given) {
  CLI::Option* format =
      command.add_option("--format", given.format, "table, json, jsonl, csv, html, arrow or parquet")->type_name("FORMAT");
  CLI::Option* output = command.add_option("--output", given.output, "write the answer to FILE")->type_name("FILE");
  CLI::Option* page =
      command.add_option("--html", given.page, "write the answer to FILE as a page, with the charts that render asks for")
          ->type_name("FILE")
          ->excludes(format)
          ->excludes(output);
  add_limit_options(command, given);
  CLI::Option* console = command.add_flag("--console", given.console, "show what scripts print");
  CLI::Option* debug =
      command.add_option("--debug-python", given.debug_folder, "keep the Python calls in FOLDER, for wardian debug")
          ->type_name("FOLDER");
  command.add_option("--artifacts", given.outputs_folder, "save pictures, files and blobs that scripts leave in FOLDER")
      ->type_name("FOLDER");
  command.add_flag("--keep-blobs", given.keep_blobs, "keep in the database folder what scripts put into blobs");
  command.add_option("--pictures", given.pictures, "how the terminal shows pictures: auto, none, kitty, iterm2 or sixel")
      ->type_name("HOW");
  command.add_flag("--profile-python", given.profile, "say on standard error where the time and memory of Python went");
  add_lines_option(command, given.text)->excludes(format)->excludes(output)->excludes(page)->excludes(console)->excludes(debug);
}

/// Sets text and name from what was given.
void read_text(const GivenText& given, std::string& text, std::string& name) {
  if (!given.file.empty() && !given.words.empty()) throw CLI::ValidationError("--file", "and a query text exclude each other");
  if (!given.file.empty()) {
    std::error_code code;
    if (std::filesystem::is_directory(given.file, code)) throw CLI::ValidationError("--file", "is a folder: " + given.file);
    Result<std::string> whole = process::read_whole_file(given.file);
    if (!whole.ok()) throw CLI::ValidationError("--file", "cannot be read: " + given.file);
    text = *std::move(whole);
    name = given.file;
  } else if (given.words == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else if (given.words.empty()) {
    throw CLI::ValidationError("query", "no query: give its text, -f FILE, or - for standard input");
  } else {
    text = given.words;
  }
}

AnswerFormat read_format(const GivenOptions& given) {
  if (!given.page.empty()) return AnswerFormat::html;
  if (given.format.empty()) return answer_format_of_file(given.output).value_or(AnswerFormat::table);
  const auto format = answer_format(given.format);
  if (!format)
    throw CLI::ValidationError("--format", "is none of table, json, jsonl, csv, html, arrow, parquet: " + given.format);
  if (!is_text(*format) && given.output.empty() && isatty(STDOUT_FILENO) != 0)
    throw CLI::ValidationError("--format", given.format + " is not for a terminal: name a file with --output, or use a pipe");
  return *format;
}

/// With the query's text, unless it comes later.
QueryOptions query_options(const GivenOptions& given) {
  QueryOptions options;
  Surroundings& around = options.surroundings;
  if (!given.database_folder.empty()) around.database_folder = given.database_folder;
  around.database = given.database;
  for (const auto& [name, file] : split_pairs(given.tables, "--table")) around.tables.emplace_back(name, file);
  if (!given.declarations.empty()) around.declarations = given.declarations;
  options.parameters = split_pairs(given.parameters, "--param");
  for (auto one = options.parameters.begin(); one != options.parameters.end(); ++one) {
    const auto same = [&](const auto& other) { return other.first == one->first; };
    if (std::any_of(options.parameters.begin(), one, same)) throw CLI::ValidationError("--param", "gives twice: " + one->first);
  }
  around.external_files_allowed = given.external_files;
  around.image = given.image;
  around.images_on_demand = given.build_images;
  read_artifacts(given.artifacts, around);
  read_engine_memory(given.memory, around.memory_bytes_max);
  options.timeout = read_time(given.timeout, "--timeout");
  read_sandbox(given.sandbox, around);
  if (!given.output.empty()) options.output = given.output;
  if (!given.page.empty()) options.output = given.page;
  options.format = read_format(given);
  options.console = given.console;
  options.profile = given.profile;
  if (!given.python_dtypes.empty() && !kql::is_python_dtypes(given.python_dtypes))
    throw CLI::ValidationError("--python-dtypes", "is none of default, arrow, nullable, classic: " + given.python_dtypes);
  options.python_dtypes = given.python_dtypes;
  options.keep_blobs = given.keep_blobs;
  if (given.keep_blobs && given.database_folder.empty())
    throw CLI::ValidationError("--keep-blobs", "needs a database folder to keep them in: --db FOLDER");
  if (!given.outputs_folder.empty()) options.artifacts = given.outputs_folder;
  if (given.pictures != "auto") {
    options.pictures = picture_protocol(given.pictures);
    if (!options.pictures)
      throw CLI::ValidationError("--pictures", "is none of auto, none, kitty, iterm2, sixel: " + given.pictures);
  }
  if (!given.debug_folder.empty()) options.debug_folder = given.debug_folder;
  if (!given.text.lines) read_text(given.text, options.text, options.text_name);
  return options;
}

}  // namespace

CommandFlags query_flags(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("query", "run a query");
  const auto given = std::make_shared<GivenOptions>();
  add_query_options(command, *given);
  add_run_options(command, *given);
  return {&command, [given] {
            const QueryOptions options = query_options(*given);
            return given->text.lines ? run_query_lines(options) : run_query(options);
          }};
}

CommandFlags shell_flags(CLI::App& program) {
  CLI::App& command =
      *program.add_subcommand("shell", "ask queries at the keyboard, or run a script of queries from standard input");
  const auto given = std::make_shared<GivenOptions>();
  given->text.lines = true;
  add_data_options(command, *given);
  command.add_option("--format", given->format, "how answers are shown: table, json, jsonl or csv")
      ->check(CLI::IsMember({"table", "json", "jsonl", "csv"}))
      ->type_name("FORMAT");
  add_limit_options(command, *given);
  return {&command, [given] { return run_shell(query_options(*given)); }};
}

CommandFlags complete_flags(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("complete", "say what may stand at a place of a query that is being written");
  const auto given = std::make_shared<GivenOptions>();
  const auto cursor = std::make_shared<std::optional<std::size_t>>();
  add_query_options(command, *given);
  CLI::Option* place =
      command.add_option("--cursor", *cursor, "behind how many characters the cursor stands (default: all)")->type_name("N");
  add_lines_option(command, given->text)->excludes(place);
  command.add_option("--declarations", given->declarations, "tables and functions that a query may name, in a JSON file")
      ->type_name("FILE");
  return {&command, [given, cursor] {
            const QueryOptions options = query_options(*given);
            return given->text.lines ? run_complete_lines(options) : run_complete(options, *cursor);
          }};
}

CommandFlags profile_flags(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("profile", "run a query, and say where the time and memory of its Python went");
  const auto given = std::make_shared<GivenOptions>();
  add_query_options(command, *given);
  command.add_option("--format", given->format, "table or json")->check(CLI::IsMember({"table", "json"}))->type_name("FORMAT");
  add_limit_options(command, *given);
  command.add_flag("--console", given->console, "show what scripts print");
  return {&command, [given] { return run_profile(query_options(*given)); }};
}

CommandFlags explain_flags(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("explain", "show the plan, the stages and the SQL of a query");
  const auto given = std::make_shared<GivenOptions>();
  add_query_options(command, *given);
  add_lines_option(command, given->text);
  return {&command, [given] {
            const QueryOptions options = query_options(*given);
            return given->text.lines ? run_explain_lines(options) : run_explain(options);
          }};
}

CommandFlags check_flags(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("check", "say the columns of a query's answer, or what is wrong; run nothing");
  const auto given = std::make_shared<GivenOptions>();
  add_query_options(command, *given);
  add_lines_option(command, given->text);
  command.add_option("--declarations", given->declarations, "tables and functions that a query may name, in a JSON file")
      ->type_name("FILE");
  return {&command, [given] {
            const QueryOptions options = query_options(*given);
            return given->text.lines ? run_check_lines(options) : run_check(options);
          }};
}

CommandFlags parse_flags(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("parse", "check that a query or a management command parses");
  const auto given = std::make_shared<GivenText>();
  add_text_options(command, *given);
  add_lines_option(command, *given);
  return {&command, [given] {
            if (given->lines) return run_parse_lines();
            std::string text;
            std::string name = "query";
            read_text(*given, text, name);
            return run_parse(text, name);
          }};
}

}  // namespace wardian::cli

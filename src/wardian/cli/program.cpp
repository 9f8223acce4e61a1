#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "wardian/base/similar_name.h"
#include "wardian/cli/commands.h"
#include "wardian/cli/flag_text.h"
#include "wardian/cli/plain_output.h"
#include "wardian/cli/standard_descriptors.h"

namespace {

using namespace wardian;
using namespace wardian::cli;

/// "NAME=VALUE" options, split; a value without "=" is wrong usage.
std::vector<std::pair<std::string, std::string>> split_pairs(const std::vector<std::string>& texts, const std::string& flag) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) throw CLI::ValidationError(flag, "needs NAME=VALUE, not: " + text);
    pairs.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return pairs;
}

/// A value of nothing, as an unset variable of the shell gives, would pass for no value at all.
void refuse_empty_values(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_expected_max() == 0) continue;  // a flag
    if (std::ranges::find(option->results(), "") != option->results().end())
      throw CLI::ValidationError(option->get_name(), "is given without a value");
  }
}

/// What the options of query and explain were given as; turned into QueryOptions once all are read.
struct GivenOptions {
  std::string text, file, database_folder, database = "default", format = "table", output, timeout;
  std::vector<std::string> tables, parameters;
  std::string memory, sandbox_memory, sandbox_time, sandbox_scratch, sandbox_level;
  unsigned sandbox_cpu = 50, sandbox_count = 16;
  bool lines = false, console = false, external_files = false;
};

void add_query_options(CLI::App& command, GivenOptions& given) {
  command.add_option("text", given.text, "the query; - reads standard input");
  command.add_option("-f,--file", given.file, "read the query from FILE")->type_name("FILE");
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
}

void add_memory_option(CLI::App& command, GivenOptions& given) {
  command.add_option("--memory", given.memory, "memory of the engine: 512MB, 4GB (default half of the machine's)")
      ->type_name("SIZE");
}

CLI::Option* add_lines_option(CLI::App& command, GivenOptions& given) {
  CLI::Option* lines = command.add_flag("--jsonl", given.lines, "read {\"id\", \"query\"} lines, answer each with a line");
  return lines->excludes(command.get_option("text"))->excludes(command.get_option("--file"));
}

void add_run_options(CLI::App& command, GivenOptions& given) {
  CLI::Option* format = command.add_option("--format", given.format, "table, json, jsonl or csv")->type_name("FORMAT");
  CLI::Option* output = command.add_option("--output", given.output, "write the answer to FILE")->type_name("FILE");
  command.add_option("--timeout", given.timeout, "end the query after that long: 500ms, 30s, 5m")->type_name("TIME");
  CLI::Option* console = command.add_flag("--console", given.console, "show what scripts print");
  add_lines_option(command, given)->excludes(format)->excludes(output)->excludes(console);
  add_memory_option(command, given);
  command.add_option("--sandbox-memory", given.sandbox_memory, "memory of one script: 512MB, 4GB (default 1GB)")
      ->type_name("SIZE");
  command.add_option("--sandbox-time", given.sandbox_time, "time of one script (default 30s)")->type_name("TIME");
  command.add_option("--sandbox-scratch", given.sandbox_scratch, "scratch files of one script (default 64MB)")->type_name("SIZE");
  command.add_option("--sandbox-cpu", given.sandbox_cpu, "share of all cores for one script, 1-100 (default 50)")
      ->check(CLI::Range(1, 100));
  command.add_option("--sandbox-count", given.sandbox_count, "scripts at the same time (default 16)")->check(CLI::Range(1, 256));
  command
      .add_option("--sandbox-level", given.sandbox_level, "least confinement to accept, A to E (default D); see wardian doctor")
      ->type_name("LEVEL");
}

std::string read_all(std::istream& in) {
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Sets `target` where the flag was given.
void size(const std::string& text, const std::string& flag, std::uint64_t& target) {
  if (text.empty()) return;
  const auto bytes = parse_byte_size(text);
  if (!bytes) throw CLI::ValidationError(flag, "is no size: " + text + " (write 512MB, 4GB)");
  target = *bytes;
}

// Below, the engine cannot do anything useful.
constexpr std::uint64_t kEngineMemoryBytesMin = std::uint64_t{64} << 20;

void engine_memory(const std::string& text, std::uint64_t& target) {
  size(text, "--memory", target);
  if (!text.empty() && target < kEngineMemoryBytesMin)
    throw CLI::ValidationError("--memory", "is out of bounds: " + text + " (64MB or more)");
}

QueryOptions query_options(const GivenOptions& given) {
  QueryOptions options;
  Surroundings& around = options.surroundings;
  if (!given.database_folder.empty()) around.database_folder = given.database_folder;
  around.database = given.database;
  for (const auto& [name, file] : split_pairs(given.tables, "--table")) around.tables.emplace_back(name, file);
  options.parameters = split_pairs(given.parameters, "--param");
  for (auto one = options.parameters.begin(); one != options.parameters.end(); ++one) {
    const auto same = [&](const auto& other) { return other.first == one->first; };
    if (std::any_of(options.parameters.begin(), one, same)) throw CLI::ValidationError("--param", "gives twice: " + one->first);
  }
  around.external_files_allowed = given.external_files;
  around.sandbox_count_max = given.sandbox_count;
  around.sandbox.cpu_percent_max = given.sandbox_cpu;
  const auto time = [](const std::string& text, const std::string& flag) -> std::optional<std::chrono::milliseconds> {
    if (text.empty()) return std::nullopt;
    const auto length = parse_duration(text);
    if (!length) throw CLI::ValidationError(flag, "is no time: " + text + " (write 500ms, 30s, 5m)");
    return length;
  };
  engine_memory(given.memory, around.memory_bytes_max);
  size(given.sandbox_memory, "--sandbox-memory", around.sandbox.memory_bytes_max);
  size(given.sandbox_scratch, "--sandbox-scratch", around.sandbox.scratch_bytes_max);
  if (const auto limit = time(given.sandbox_time, "--sandbox-time")) around.sandbox.wall_time_max = *limit;
  options.timeout = time(given.timeout, "--timeout");
  if (!given.sandbox_level.empty()) {
    const auto level = sandbox::level_named(given.sandbox_level);
    if (!level || *level == sandbox::Level::f)
      throw CLI::ValidationError("--sandbox-level", "is none of A to E: " + given.sandbox_level);
    around.minimum_level = *level;
  }
  if (const Status sound = sandbox::check(around.sandbox); !sound.ok())
    throw CLI::ValidationError(sound.error().message + ". " + sound.error().hint);
  const auto format = answer_format(given.format);
  if (!format) throw CLI::ValidationError("--format", "is none of table, json, jsonl, csv: " + given.format);
  options.format = *format;
  if (!given.output.empty()) options.output = given.output;
  options.console = given.console;
  if (given.lines) return options;
  if (!given.file.empty() && !given.text.empty()) throw CLI::ValidationError("--file", "and a query text exclude each other");
  if (!given.file.empty()) {
    std::error_code code;
    if (std::filesystem::is_directory(given.file, code)) throw CLI::ValidationError("--file", "is a folder: " + given.file);
    std::ifstream in(given.file, std::ios::binary);
    if (!in) throw CLI::ValidationError("--file", "cannot be read: " + given.file);
    options.text = read_all(in);
    options.text_name = given.file;
  } else if (given.text == "-") {
    options.text = read_all(std::cin);
  } else if (given.text.empty()) {
    throw CLI::ValidationError("query", "no query: give its text, -f FILE, or - for standard input");
  } else {
    options.text = given.text;
  }
  return options;
}

void refuse_unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(command->get_name());
  const std::string given = argv[1];
  if (std::ranges::find(names, given) != names.end()) return;
  const std::string near = did_you_mean(given, std::vector<std::string_view>(names.begin(), names.end()));
  std::string listed;
  for (const std::string& name : names) listed += (listed.empty() ? "" : ", ") + name;
  throw CLI::ValidationError("Unknown command: " + given + ". " + (near.empty() ? "The commands are: " + listed : near));
}

int run(int argc, char** argv) {
  CLI::App app{"Wardian runs KQL with sealed Python in its middle.", "wardian"};
  app.set_version_flag("--version", "wardian " WARDIAN_VERSION);
  app.require_subcommand(1);
  GivenOptions given;
  bool json = false;

  CLI::App& query = *app.add_subcommand("query", "run a query");
  add_query_options(query, given);
  add_run_options(query, given);
  CLI::App& explain = *app.add_subcommand("explain", "show the plan, the stages and the SQL of a query");
  add_query_options(explain, given);
  CLI::App& parse = *app.add_subcommand("parse", "check that a query or a management command parses");
  parse.add_option("text", given.text, "the query; - reads standard input");
  parse.add_option("-f,--file", given.file, "read the query from FILE")->type_name("FILE");
  add_lines_option(parse, given);
  ImportOptions import;
  CLI::App& importing = *app.add_subcommand("import", "read files into a table of a database folder, all or nothing");
  importing.add_option("files", import.files, "CSV, TSV, JSON lines, Parquet or Arrow files")->required()->type_name("FILE");
  importing.add_option("--table", import.table, "the table to make")->required()->type_name("NAME");
  importing.add_option("--db", import.database_folder, "database folder; made where there is none")
      ->required()
      ->type_name("FOLDER");
  importing.add_option("--database", import.database, "the database of that folder (default: default)")->type_name("NAME");
  importing.add_option("--schema", import.schema, "columns and types instead of what the file suggests: \"a:long, b:datetime\"")
      ->type_name("SCHEMA");
  CLI::Option* append = importing.add_flag("--append", import.append, "add to a table that exists");
  importing.add_flag("--replace", import.replace, "put the rows in place of a table that exists")->excludes(append);
  add_memory_option(importing, given);
  CLI::App& doctor = *app.add_subcommand("doctor", "say what the sandbox holds on this machine");
  doctor.add_flag("--json", json, "as JSON");

  try {
    refuse_unknown_command(app, argc, argv);
    app.parse(argc, argv);
    for (const CLI::App* command : app.get_subcommands()) refuse_empty_values(*command);
    if (importing.parsed()) {
      engine_memory(given.memory, import.memory_bytes_max);
      return run_import(import);
    }
    if (doctor.parsed()) return run_doctor(json);
    const QueryOptions options = query_options(given);
    if (parse.parsed()) return given.lines ? run_parse_lines() : run_parse(options.text, options.text_name);
    if (explain.parsed()) return run_explain(options);
    return given.lines ? run_query_lines(options) : run_query(options);
  } catch (const CLI::ParseError& error) {
    if (app.exit(error) != 0) return kUsage;
    std::cout.flush();  // the help or the version
    return std::cout ? kFine : output_failed("standard output");
  }
}

}  // namespace

int main(int argc, char** argv) {
  wardian::cli::open_standard_descriptors();
  const int status = run(argc, argv);
  // Not by exit(3): an engine that was left to the end of the process has threads still, which would lose their statics.
  std::cout.flush();
  std::fflush(nullptr);
  ::_exit(status);
}

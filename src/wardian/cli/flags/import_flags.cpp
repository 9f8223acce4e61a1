#include "wardian/cli/commands.h"
#include "wardian/cli/flags/command_flags.h"
#include "wardian/cli/flags/flag_values.h"

namespace wardian::cli {
namespace {

struct Given {
  ImportOptions options;
  std::string memory;
};

}  // namespace

CommandFlags import_flags(CLI::App& program) {
  const auto given = std::make_shared<Given>();
  CLI::App& command = *program.add_subcommand("import", "read files into a table of a database folder, all or nothing");
  command.add_option("files", given->options.files, "CSV, TSV, JSON lines, Parquet or Arrow files")
      ->required()
      ->type_name("FILE");
  command.add_option("--table", given->options.table, "the table to make")->required()->type_name("NAME");
  command.add_option("--db", given->options.database_folder, "database folder; made where there is none")
      ->required()
      ->type_name("FOLDER");
  command.add_option("--database", given->options.database, "the database of that folder (default: default)")->type_name("NAME");
  command
      .add_option("--schema", given->options.schema,
                  "columns and types instead of what the file suggests: \"a:long, b:datetime\"")
      ->type_name("SCHEMA");
  CLI::Option* append = command.add_flag("--append", given->options.append, "add to a table that exists");
  command.add_flag("--replace", given->options.replace, "put the rows in place of a table that exists")->excludes(append);
  add_memory_option(command, given->memory);
  return {&command, [given] {
            read_engine_memory(given->memory, given->options.memory_bytes_max);
            return run_import(given->options);
          }};
}

}  // namespace wardian::cli

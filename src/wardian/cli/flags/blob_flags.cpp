#include "wardian/cli/commands.h"
#include "wardian/cli/flags/command_flags.h"

namespace wardian::cli {
namespace {

struct Given {
  BlobOptions options;
  std::string format = "table", output;
};

CLI::App& add_action(CLI::App& command, const std::shared_ptr<Given>& given, BlobAction action, const char* name,
                     const char* does) {
  CLI::App& made = *command.add_subcommand(name, does);
  made.callback([given, action] { given->options.action = action; });
  made.add_option("--db", given->options.database_folder, "database folder")->required()->type_name("FOLDER");
  return made;
}

}  // namespace

CommandFlags blob_flags(CLI::App& program) {
  const auto given = std::make_shared<Given>();
  CLI::App& command = *program.add_subcommand("blob", "models and other blobs that a database folder keeps");
  command.require_subcommand(1);
  CLI::App& list = add_action(command, given, BlobAction::list, "list", "name, type, size and origin of each");
  list.add_option("--format", given->format, "table or json")->type_name("FORMAT")->check(CLI::IsMember({"table", "json"}));
  CLI::App& get = add_action(command, given, BlobAction::get, "get", "write the bytes of one");
  get.add_option("name", given->options.name, "the blob's name")->required()->type_name("NAME");
  get.add_option("--output", given->output, "write to FILE instead of standard output")->type_name("FILE");
  CLI::App& remove = add_action(command, given, BlobAction::remove, "remove", "keep one no longer");
  remove.add_option("name", given->options.name, "the blob's name")->required()->type_name("NAME");
  return {&command, [given] {
            given->options.json = given->format == "json";
            if (!given->output.empty()) given->options.output = given->output;
            return run_blob(given->options);
          }};
}

}  // namespace wardian::cli

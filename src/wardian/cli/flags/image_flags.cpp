#include "wardian/cli/commands.h"
#include "wardian/cli/flags/command_flags.h"
#include "wardian/cli/flags/sandbox_flags.h"

namespace wardian::cli {
namespace {

struct Given {
  ImageOptions options;
  std::string python;
  GivenSandbox sandbox;
};

void add_name(CLI::App& command, Given& given) {
  command.add_option("name", given.options.name, "the image's name")->required()->type_name("NAME");
}

void add_recipe(CLI::App& command, Given& given) {
  CLI::Option* file =
      command.add_option("-r,--requirements", given.options.requirements, "install what this requirements file names");
  file->type_name("FILE");
  CLI::Option* environment = command.add_option("--from-venv", given.options.environment,
                                                "copy the packages of this virtual environment, and its Python");
  environment->type_name("FOLDER")->excludes(file);
  command.add_option("--python", given.python, "a version of Python, such as 3.12, or the path of one (default: Wardian's own)")
      ->type_name("VERSION")
      ->excludes(environment);
  command.add_option("--installer", given.options.installer, "uv or pip (default: uv where it is there)")->type_name("NAME");
  command
      .add_option("--sandbox-level", given.sandbox.level,
                  "least confinement for its trial, A to E (default D); see wardian doctor")
      ->type_name("LEVEL");
  command.add_flag("--allow-source", given.options.sources_allowed,
                   "build packages that have no wheel; this runs code of theirs outside of any sandbox");
}

}  // namespace

CommandFlags image_flags(CLI::App& program) {
  CLI::App& command = *program.add_subcommand("image", "Python environments for scripts: make, change, show, try");
  command.require_subcommand(1);
  const auto given = std::make_shared<Given>();

  CLI::App& create = *command.add_subcommand("create", "make an image");
  add_name(create, *given);
  add_recipe(create, *given);
  CLI::App& update = *command.add_subcommand("update", "make an image anew, with the newest versions or from something else");
  add_name(update, *given);
  add_recipe(update, *given);
  CLI::App& list = *command.add_subcommand("list", "the images that there are");
  list.add_flag("--json", given->options.json, "as JSON");
  CLI::App& show = *command.add_subcommand("show", "an image, with its packages");
  add_name(show, *given);
  show.add_flag("--json", given->options.json, "as JSON");
  CLI::App& remove = *command.add_subcommand("remove", "take an image away");
  add_name(remove, *given);
  CLI::App& lock = *command.add_subcommand("export", "the image's packages as a requirements file with hashes");
  add_name(lock, *given);
  lock.add_option("--installer", given->options.installer, "who asks for the hashes of a copied environment: uv or pip")
      ->type_name("NAME");
  lock.add_option("--output", given->options.output, "write it to FILE")->type_name("FILE");
  CLI::App& attempt = *command.add_subcommand("try", "run a script in an image, confined");
  add_name(attempt, *given);
  attempt.add_option("script", given->options.script, "the script's file")->required()->type_name("FILE");
  add_sandbox_options(attempt, given->sandbox);

  struct Action {
    CLI::App* command;
    int (*run)(const ImageOptions&);
  };
  const std::vector<Action> actions = {{&create, &run_image_create}, {&update, &run_image_update}, {&list, &run_image_list},
                                       {&show, &run_image_show},     {&remove, &run_image_remove}, {&lock, &run_image_export},
                                       {&attempt, &run_image_try}};
  return {&command, [given, actions, &create, &update, &attempt] {
            if (!given->python.empty()) given->options.python = given->python;
            if (create.parsed() && given->options.requirements.empty() && given->options.environment.empty())
              throw CLI::ValidationError("create", "needs -r FILE or --from-venv FOLDER");
            if (attempt.parsed() || create.parsed() || update.parsed()) read_sandbox(given->sandbox, given->options.surroundings);
            for (const Action& action : actions)
              if (action.command->parsed()) return action.run(given->options);
            return static_cast<int>(kUsage);  // not reached: one is required
          }};
}

}  // namespace wardian::cli

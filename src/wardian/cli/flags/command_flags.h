#pragma once

#include <CLI/CLI.hpp>

#include <functional>

namespace wardian::cli {

/// A command as the command line knows it: its flags, and what runs it once they are read (the exit status).
struct CommandFlags {
  CLI::App* command = nullptr;
  std::function<int()> run;
};

// Each adds one command to the program. A new one is a function here and a row in program.cpp.
CommandFlags query_flags(CLI::App& program);
CommandFlags shell_flags(CLI::App& program);
CommandFlags complete_flags(CLI::App& program);
CommandFlags profile_flags(CLI::App& program);
CommandFlags explain_flags(CLI::App& program);
CommandFlags check_flags(CLI::App& program);
CommandFlags parse_flags(CLI::App& program);
CommandFlags import_flags(CLI::App& program);
CommandFlags blob_flags(CLI::App& program);
CommandFlags doctor_flags(CLI::App& program);
CommandFlags image_flags(CLI::App& program);
CommandFlags debug_flags(CLI::App& program);

}  // namespace wardian::cli

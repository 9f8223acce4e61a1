#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "wardian/image/python_version.h"

namespace wardian::image {

/// A CPython of this machine, outside any environment.
struct Interpreter {
  std::filesystem::path executable;  // with all links resolved
  PythonVersion version;
};

/// Asks a program what it is; of an environment's interpreter, the one that it was made from. Nothing that an environment holds is
/// run. Errors: bad_argument when it is no CPython, or too old a one.
Result<Interpreter> examine_interpreter(const std::filesystem::path& program);

/// What `wanted` names: a version ("3.12", "3.12.1"), looked for on PATH and where pyenv and uv keep theirs, or a path; empty for
/// the one of `default_python`. Errors: bad_argument, naming those that there are.
Result<Interpreter> find_interpreter(const std::string& wanted, const std::filesystem::path& default_python);

/// The first of the default and all others, newest first, that satisfies `requires-python`.
Result<Interpreter> find_satisfying(std::string_view specifiers, const std::filesystem::path& default_python);

}  // namespace wardian::image

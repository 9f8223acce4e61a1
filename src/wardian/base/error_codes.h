#pragma once

#include <cstdint>
#include <string_view>

namespace wardian {

/// Stable codes: a code, once published, keeps its meaning. The names users see stand in error_codes.cpp.
enum class ErrorCode : std::uint16_t {
  // The text cannot be read.
  syntax = 1001,         // a token or construct that the grammar does not have here
  unclosed = 1002,       // a string, bracket or comment that never ends
  bad_literal = 1003,    // a literal whose text is no value of its type
  too_deep = 1004,       // nesting beyond the limit
  text_too_long = 1005,  // a request text beyond the limit

  // The text reads well but means nothing here.
  unknown_name = 2001,  // no such column, variable or parameter
  unknown_table = 2002,
  unknown_function = 2003,
  unknown_operator = 2004,
  unknown_type = 2005,
  type_mismatch = 2006,  // an operand or argument of the wrong type
  argument_count = 2007,
  not_constant = 2008,  // a constant is needed here
  duplicate_name = 2009,
  wrong_context = 2010,  // a table where a scalar is needed, an aggregate outside summarize, ...
  not_supported = 2011,  // known to the language, not to this version
  bad_argument = 2012,   // right type, impossible value

  // The run failed.
  execution = 3001,  // the engine refused while running
  overflow = 3002,
  out_of_memory = 3003,
  timeout = 3004,
  cancelled = 3005,
  result_too_large = 3006,
  access_denied = 3007,

  // Files, folders, databases.
  file_not_found = 4001,
  bad_file = 4002,       // unreadable or malformed input file
  database_busy = 4003,  // another process writes
  bad_database = 4004,   // the folder is no database, or of another version
  table_exists = 4005,
  io = 4006,
  disk_full = 4007,

  // A Python call ended badly; see docs/sandbox.md.
  script_error = 5001,
  memory_limit = 5002,
  time_limit = 5003,
  cpu_limit = 5004,
  output_limit = 5005,
  bad_result = 5006,
  crashed = 5007,
  no_result = 5008,
  sandbox_unavailable = 5009,
  throttled = 5010,
  scratch_limit = 5011,

  // Images; see docs/images.md.
  unknown_image = 6001,
  image_failed = 6002,  // it cannot be made, or does not work
  image_exists = 6003,
  image_busy = 6004,  // another process changes it

  usage = 9001,     // the command line is wrong
  internal = 9999,  // a defect of ours
};

/// The name users see and may rely on: "SYNTAX", "SCRIPT_ERROR", ...
std::string_view error_code_name(ErrorCode code);

}  // namespace wardian

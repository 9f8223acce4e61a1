#include "wardian/base/error_codes.h"

namespace wardian {

std::string_view error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::syntax: return "SYNTAX";
    case ErrorCode::unclosed: return "UNCLOSED";
    case ErrorCode::bad_literal: return "BAD_LITERAL";
    case ErrorCode::too_deep: return "TOO_DEEP";
    case ErrorCode::text_too_long: return "TEXT_TOO_LONG";
    case ErrorCode::unknown_name: return "UNKNOWN_NAME";
    case ErrorCode::unknown_table: return "UNKNOWN_TABLE";
    case ErrorCode::unknown_function: return "UNKNOWN_FUNCTION";
    case ErrorCode::unknown_operator: return "UNKNOWN_OPERATOR";
    case ErrorCode::unknown_type: return "UNKNOWN_TYPE";
    case ErrorCode::type_mismatch: return "TYPE_MISMATCH";
    case ErrorCode::argument_count: return "ARGUMENT_COUNT";
    case ErrorCode::not_constant: return "NOT_CONSTANT";
    case ErrorCode::duplicate_name: return "DUPLICATE_NAME";
    case ErrorCode::wrong_context: return "WRONG_CONTEXT";
    case ErrorCode::not_supported: return "NOT_SUPPORTED";
    case ErrorCode::bad_argument: return "BAD_ARGUMENT";
    case ErrorCode::execution: return "EXECUTION";
    case ErrorCode::overflow: return "OVERFLOW";
    case ErrorCode::out_of_memory: return "OUT_OF_MEMORY";
    case ErrorCode::timeout: return "TIMEOUT";
    case ErrorCode::cancelled: return "CANCELLED";
    case ErrorCode::result_too_large: return "RESULT_TOO_LARGE";
    case ErrorCode::access_denied: return "ACCESS_DENIED";
    case ErrorCode::file_not_found: return "FILE_NOT_FOUND";
    case ErrorCode::bad_file: return "BAD_FILE";
    case ErrorCode::database_busy: return "DATABASE_BUSY";
    case ErrorCode::bad_database: return "BAD_DATABASE";
    case ErrorCode::table_exists: return "TABLE_EXISTS";
    case ErrorCode::io: return "IO";
    case ErrorCode::disk_full: return "DISK_FULL";
    case ErrorCode::script_error: return "SCRIPT_ERROR";
    case ErrorCode::memory_limit: return "MEMORY_LIMIT";
    case ErrorCode::time_limit: return "TIME_LIMIT";
    case ErrorCode::cpu_limit: return "CPU_LIMIT";
    case ErrorCode::output_limit: return "OUTPUT_LIMIT";
    case ErrorCode::bad_result: return "BAD_RESULT";
    case ErrorCode::crashed: return "CRASHED";
    case ErrorCode::no_result: return "NO_RESULT";
    case ErrorCode::sandbox_unavailable: return "SANDBOX_UNAVAILABLE";
    case ErrorCode::throttled: return "THROTTLED";
    case ErrorCode::scratch_limit: return "SCRATCH_LIMIT";
    case ErrorCode::unknown_image: return "UNKNOWN_IMAGE";
    case ErrorCode::image_failed: return "IMAGE_FAILED";
    case ErrorCode::image_exists: return "IMAGE_EXISTS";
    case ErrorCode::image_busy: return "IMAGE_BUSY";
    case ErrorCode::usage: return "USAGE";
    case ErrorCode::internal: return "INTERNAL";
  }
  return "INTERNAL";
}

}  // namespace wardian

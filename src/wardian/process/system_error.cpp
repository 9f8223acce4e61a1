#include "wardian/process/system_error.h"

#include <system_error>

#include "wardian/base/file_error.h"

namespace wardian::process {

Error system_error(ErrorCode code, std::string_view what, int number) {
  Error error;
  error.code = code;
  error.message = std::string(what) + ": " + std::generic_category().message(number);
  return error;
}

Error file_error(std::string_view what, int number) { return system_error(code_of_file_error(number), what, number); }

}  // namespace wardian::process

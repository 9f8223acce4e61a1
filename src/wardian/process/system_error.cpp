#include "wardian/process/system_error.h"

#include <system_error>

namespace wardian::process {

Error system_error(ErrorCode code, std::string_view what, int number) {
  Error error;
  error.code = code;
  error.message = std::string(what) + ": " + std::generic_category().message(number);
  return error;
}

}  // namespace wardian::process

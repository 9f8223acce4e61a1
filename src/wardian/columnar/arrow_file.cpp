#include "wardian/columnar/arrow_file.h"

#include <dlfcn.h>

namespace wardian::columnar {

Result<std::unique_ptr<ArrowFile>> open_arrow_file(const std::string& path, const std::vector<int>& columns) {
  // Never closed: Arrow's library starts threads of its own.
  static void* const module = ::dlopen(kArrowModule, RTLD_NOW | RTLD_LOCAL);
  static void* const entry = module == nullptr ? nullptr : ::dlsym(module, kOpenArrowFileName);
  if (entry == nullptr) {
    const char* const why = ::dlerror();
    return Error{ErrorCode::not_supported,
                 "Arrow's library cannot be loaded" + (why == nullptr ? std::string() : ": " + std::string(why)),
                 {},
                 "It comes with the pyarrow package that Wardian was installed with."};
  }
  Result<std::unique_ptr<ArrowFile>> opened(nullptr);
  reinterpret_cast<OpenArrowFile>(entry)(path, columns, opened);
  return opened;
}

}  // namespace wardian::columnar

#include "wardian/columnar/arrow_module.h"

#include <dlfcn.h>

namespace wardian::columnar {

Result<void*> arrow_module_entry(const char* module, const char* name) {
  // Never closed: Arrow's library starts threads of its own. Opened again, it is the same.
  void* const opened = ::dlopen(module, RTLD_NOW | RTLD_LOCAL);
  void* const entry = opened == nullptr ? nullptr : ::dlsym(opened, name);
  if (entry != nullptr) return entry;
  const char* const why = ::dlerror();
  return Error{ErrorCode::not_supported,
               "Arrow's library cannot be loaded" + (why == nullptr ? std::string() : ": " + std::string(why)),
               {},
               "It comes with the pyarrow package that Wardian was installed with."};
}

}  // namespace wardian::columnar

#pragma once

#include "wardian/base/result.h"

namespace wardian::columnar {

/// The function of that name in a shared object that links Arrow's library, which is loaded with the first call and stays: Arrow
/// alone takes longer to load than most queries run (docs/decisions/0012). Error: not_supported where it cannot be loaded.
Result<void*> arrow_module_entry(const char* module, const char* name);

}  // namespace wardian::columnar

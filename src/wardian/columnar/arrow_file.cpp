#include "wardian/columnar/arrow_file.h"

#include "wardian/columnar/arrow_module.h"

namespace wardian::columnar {

Result<std::unique_ptr<ArrowFile>> open_arrow_file(const std::string& path, const std::vector<int>& columns) {
  static const Result<void*> entry = arrow_module_entry(kArrowModule, kOpenArrowFileName);
  if (!entry.ok()) return entry.error();
  Result<std::unique_ptr<ArrowFile>> opened(nullptr);
  reinterpret_cast<OpenArrowFile>(*entry)(path, columns, opened);
  return opened;
}

}  // namespace wardian::columnar

#pragma once

#include "wardian/columnar/batch.h"

namespace wardian::columnar {

/// Rows [begin, begin + rows) of a batch; values are not copied, validity is shifted into memory of its own.
Batch slice(const Batch& batch, std::size_t begin, std::size_t rows);

}  // namespace wardian::columnar

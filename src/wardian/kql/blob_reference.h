#pragma once

#include <string>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/plan/node.h"

/// blob("model"): a value of kargs that stands for a blob. As a value it is a bag with one key that is drawn by lot in each
/// process, so that no data that finds its way into kargs can pass for one.
namespace wardian::kql {

/// The value of blob(name), written at `span`: JSON.
std::string blob_reference(std::string_view name, SourceSpan span);

/// Takes the references out of `kargs`, a JSON object, of which they are members; in the order they stand.
/// Errors: bad_argument, at `span`, for one anywhere deeper.
Result<std::vector<plan::BlobReference>> take_blob_references(std::string& kargs, SourceSpan span);

}  // namespace wardian::kql

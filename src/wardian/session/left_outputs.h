#pragma once

#include <span>
#include <string>
#include <vector>

#include "wardian/catalog/blob_store.h"
#include "wardian/plan/node.h"
#include "wardian/pyrun/call.h"
#include "wardian/session/answer.h"

namespace wardian::session {

/// What the scripts of one request have left beside their frames, and the blobs that they may be given.
class LeftOutputs {
 public:
  /// `store`: blobs that are kept beside the databases; may be null. `given`: blobs that come with the request.
  LeftOutputs(const catalog::BlobStore* store, std::vector<pyrun::Extra> given) : store_(store), given_(std::move(given)) {}

  /// Adds what one operator's calls left; whose name is taken gets a number. Error: output_limit beyond kOutputsMax.
  Status add(std::vector<pyrun::Extra> extras);

  /// The blobs that a call refers to: left before by this request, given with it, kept, in this order.
  /// Errors: unknown_name with the reference's place, those of BlobStore::find.
  Result<std::vector<pyrun::BlobInput>> resolve(std::span<const plan::BlobReference> references) const;

  /// All of them. Keeps blobs first where `keep` says so; there is a store then.
  Result<std::vector<LeftOutput>> take(bool keep, const std::string& database);

  static constexpr std::size_t kOutputsMax = 10'000;

 private:
  Result<pyrun::BlobInput> resolve(const plan::BlobReference& reference) const;
  Error unknown(const plan::BlobReference& reference) const;

  const catalog::BlobStore* store_;
  std::vector<pyrun::Extra> given_;
  std::vector<pyrun::Extra> extras_;
  pyrun::UniqueExtraNames names_;
};

}  // namespace wardian::session

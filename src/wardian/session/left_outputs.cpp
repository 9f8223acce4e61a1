#include "wardian/session/left_outputs.h"

#include <algorithm>

#include "wardian/base/similar_name.h"

namespace wardian::session {
namespace {

using pyrun::Extra;
using pyrun::ExtraKind;

const Extra* blob_named(std::span<const Extra> extras, std::string_view name) {
  const auto found =
      std::ranges::find_if(extras, [&](const Extra& each) { return each.kind == ExtraKind::blob && each.name == name; });
  return found == extras.end() ? nullptr : &*found;
}

}  // namespace

Status LeftOutputs::add(std::vector<Extra> extras) {
  if (extras.size() > kOutputsMax - extras_.size()) {
    return Error{.code = ErrorCode::output_limit,
                 .message = "The scripts of the query left more than " + std::to_string(kOutputsMax) + " outputs",
                 .hint = "Put many small files into one archive."};
  }
  for (Extra& extra : extras) {
    names_.take(extra);
    extras_.push_back(std::move(extra));
  }
  return {};
}

Result<std::vector<pyrun::BlobInput>> LeftOutputs::resolve(std::span<const plan::BlobReference> references) const {
  std::vector<pyrun::BlobInput> blobs;
  for (const plan::BlobReference& reference : references) {
    auto blob = resolve(reference);
    if (!blob.ok()) {
      Error error = std::move(blob).error();
      if (!error.span) error.span = reference.span;
      return error;
    }
    blobs.push_back(std::move(*blob));
  }
  return blobs;
}

Result<pyrun::BlobInput> LeftOutputs::resolve(const plan::BlobReference& reference) const {
  for (const std::vector<Extra>* place : {&extras_, &given_}) {
    if (const Extra* extra = blob_named(*place, reference.name)) {
      return pyrun::BlobInput{.key = reference.key,
                              .name = extra->name,
                              .held = extra->held,
                              .offset = extra->offset,
                              .bytes = extra->bytes,
                              .pickled = extra->pickled()};
    }
  }
  if (store_ == nullptr) return unknown(reference);
  WARDIAN_ASSIGN(auto kept, store_->find(reference.name));
  if (!kept) return unknown(reference);
  auto held = std::make_shared<pyrun::SealedBytes>();
  held->file = std::move(kept->file);
  held->mapping = std::move(kept->mapping);
  return pyrun::BlobInput{.key = reference.key,
                          .name = kept->about.name,
                          .held = std::move(held),
                          .offset = kept->offset,
                          .bytes = kept->about.bytes,
                          .pickled = kept->about.type == pyrun::kPickleType};
}

Error LeftOutputs::unknown(const plan::BlobReference& reference) const {
  std::vector<std::string> names;
  for (const std::vector<Extra>* place : {&extras_, &given_}) {
    for (const Extra& extra : *place) {
      if (extra.kind == ExtraKind::blob) names.push_back(extra.name);
    }
  }
  if (store_ != nullptr) {
    std::vector<Error> damaged;
    if (auto kept = store_->list(damaged); kept.ok()) {
      for (catalog::KeptBlob& blob : *kept) names.push_back(std::move(blob.name));
    }
  }
  std::string hint = did_you_mean(reference.name, std::vector<std::string_view>(names.begin(), names.end()));
  if (hint.empty() && store_ == nullptr) hint = "--db opens the blobs that a database folder keeps.";
  if (hint.empty()) hint = "`wardian blob list` names those that are kept; a script leaves one by blobs['NAME'] = …";
  return {ErrorCode::unknown_name, "No blob has that name: " + reference.name, reference.span, std::move(hint)};
}

Result<std::vector<LeftOutput>> LeftOutputs::take(bool keep, const std::string& database) {
  std::vector<LeftOutput> outputs;
  for (Extra& extra : extras_) outputs.push_back({std::move(extra), false});
  extras_.clear();
  if (!keep || store_ == nullptr) return outputs;
  for (LeftOutput& output : outputs) {
    if (output.extra.kind != ExtraKind::blob) continue;
    WARDIAN_TRY(store_->keep(output.extra.name, output.extra.content(), output.extra.type, database));
    output.kept = true;
  }
  return outputs;
}

}  // namespace wardian::session

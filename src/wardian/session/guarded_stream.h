#pragma once

#include "wardian/columnar/batch.h"
#include "wardian/engine/interrupt_watch.h"

namespace wardian::session {

/// A stream whose errors say why the engine was interrupted. The watch outlives it.
class GuardedStream final : public columnar::BatchStream {
 public:
  GuardedStream(const engine::InterruptWatch& watch, std::unique_ptr<columnar::BatchStream> inner)
      : watch_(watch), inner_(std::move(inner)) {}
  const columnar::Schema& schema() const override { return inner_->schema(); }
  Result<std::optional<columnar::Batch>> next() override {
    auto batch = inner_->next();
    if (!batch.ok()) return watch_.reason(std::move(batch).error());
    return batch;
  }

 private:
  const engine::InterruptWatch& watch_;
  std::unique_ptr<columnar::BatchStream> inner_;
};

}  // namespace wardian::session

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/columnar/frame.h"
#include "wardian/engine/connection.h"

namespace wardian::engine {

/// Frames that stand as a temporary relation of one connection; the relation goes with this object.
class ShownFrames {
 public:
  ShownFrames(ShownFrames&& other) noexcept;
  ShownFrames& operator=(ShownFrames&& other) noexcept;
  ~ShownFrames();

  const std::string& relation() const { return relation_; }

 private:
  friend Result<ShownFrames> show_frames(Connection&, const std::string&, std::vector<std::shared_ptr<const columnar::Frame>>);
  ShownFrames(std::string id, std::string relation) : id_(std::move(id)), relation_(std::move(relation)) {}

  std::string id_;  // in the registry of frames
  std::string relation_;
};

/// Shows frames of one schema, one after another, as the temporary view `relation` with the columns c0, c1, …, typed as
/// plan::SqlPiece says. Read in parallel, only the columns that a query asks for, straight from the frames' memory; in
/// order wherever the engine keeps order. At least one frame.
Result<ShownFrames> show_frames(Connection& connection, const std::string& relation,
                                std::vector<std::shared_ptr<const columnar::Frame>> frames);

}  // namespace wardian::engine

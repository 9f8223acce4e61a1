#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "wardian/base/result.h"
#include "wardian/columnar/frame.h"
#include "wardian/engine/connection.h"

namespace wardian::engine {

/// What SQL asks for frames by: a name of one connection.
struct FrameName {
  std::uint64_t connection = 0;
  std::string text;
  friend auto operator<=>(const FrameName&, const FrameName&) = default;
};

/// Frames that one connection's SQL can ask for, as long as this object lives.
class ShownFrames {
 public:
  ShownFrames(ShownFrames&& other) noexcept;
  ShownFrames& operator=(ShownFrames&& other) noexcept;
  ~ShownFrames();

 private:
  friend ShownFrames show_frames(Connection&, const std::string&, std::vector<std::shared_ptr<const columnar::Frame>>);
  explicit ShownFrames(FrameName name) : name_(std::move(name)) {}

  FrameName name_;
};

/// Shows frames of one schema, one after another, as `wardian_frame('name')` with the columns c0, c1, …, typed as
/// plan::SqlPiece says. A function rather than a view over one: a view would cost a statement, 0.5 ms. Read in parallel,
/// only the columns that a query asks for, straight from the frames' memory; in order wherever the engine keeps order. At
/// least one frame.
ShownFrames show_frames(Connection& connection, const std::string& name,
                        std::vector<std::shared_ptr<const columnar::Frame>> frames);

}  // namespace wardian::engine

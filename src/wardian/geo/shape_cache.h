#pragma once

#include <array>
#include <unordered_map>

#include "wardian/geo/shape.h"

namespace wardian::geo {

/// The shapes of one kind that one use of a function met. A constant argument is the same text in every row of a chunk, told
/// by its address; a shape met before is told by its text.
template <class Shape>
class Shapes {
 public:
  void start_chunk() {
    for (Last& last : last_) last.address = nullptr;
  }

  /// Null when the text is none. `argument` tells apart the arguments of a function that takes two.
  const Shape* find(std::string_view json, std::size_t argument) {
    Last& last = last_[argument];
    if (json.data() == last.address && json.size() == last.size) return last.shape;
    if (last.text == nullptr || *last.text != json) {
      auto found = shapes_.find(json);
      if (found == shapes_.end()) found = insert(json);
      last.text = &found->first;
      last.shape = found->second.get();
    }
    last.address = json.data();
    last.size = json.size();
    return last.shape;
  }

 private:
  struct Last {
    const char* address = nullptr;  // of this chunk, which keeps it alive
    std::size_t size = 0;
    const std::string* text = nullptr;
    const Shape* shape = nullptr;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Map = std::unordered_map<std::string, std::unique_ptr<const Shape>, Hash, std::equal_to<>>;

  typename Map::iterator insert(std::string_view json) {
    // The other argument's shape must outlive this: only what is not the last of either goes.
    if (bytes_ + json.size() > kBytesMax || shapes_.size() >= kShapesMax) {
      std::erase_if(shapes_, [&](const auto& entry) {
        return std::ranges::none_of(last_, [&](const Last& last) { return last.text == &entry.first; });
      });
      bytes_ = 0;
      for (const auto& [text, shape] : shapes_) bytes_ += text.size();
    }
    bytes_ += json.size();
    return shapes_.emplace(std::string(json), Shape::from_json(json)).first;
  }

  static constexpr std::size_t kBytesMax = std::size_t{8} << 20U;  // of text; what is built of it takes some times as much
  static constexpr std::size_t kShapesMax = 4096;

  Map shapes_;
  std::array<Last, 2> last_;
  std::size_t bytes_ = 0;
};

class ShapeCache {
 public:
  void start_chunk() {
    lines_.start_chunk();
    polygons_.start_chunk();
  }
  const Lines* lines(std::string_view json, std::size_t argument = 0) { return lines_.find(json, argument); }
  const Polygon* polygon(std::string_view json, std::size_t argument = 0) { return polygons_.find(json, argument); }

 private:
  Shapes<Lines> lines_;
  Shapes<Polygon> polygons_;
};

}  // namespace wardian::geo

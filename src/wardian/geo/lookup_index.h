#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace wardian::geo {

struct IndexedShapes;

/// The shapes of a lookup table, in one index over cells of the sphere. Built once for a table, whatever the number of
/// threads that ask it.
class LookupIndex {
 public:
  enum class Kind : bool { lines, polygons };

  void start_chunk() { address_ = nullptr; }
  /// `shapes` is a JSON array of [number, shape]; what is no shape of the kind matches nothing.
  const IndexedShapes& get(std::string_view shapes, Kind kind);

 private:
  const char* address_ = nullptr;  // of this chunk, which keeps it alive
  std::size_t size_ = 0;
  std::shared_ptr<const IndexedShapes> shapes_;
};

}  // namespace wardian::geo

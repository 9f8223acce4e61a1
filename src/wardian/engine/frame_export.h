#pragma once

#include <string_view>

#include "wardian/base/result.h"
#include "wardian/columnar/frame_writer.h"
#include "wardian/engine/connection.h"

namespace wardian::engine {

/// Runs a query and writes its rows into a frame, from the engine's own threads, while they are still in their caches:
/// a third less work than taking them through a stream, and on all cores. Rows of one vector stay together; vectors come in
/// any order, so this is for queries whose result has none. The query's columns are those of the writer's schema, at least one.
Status export_rows(Connection& connection, std::string_view sql, columnar::FrameWriter& writer);

}  // namespace wardian::engine

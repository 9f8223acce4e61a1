#pragma once

#include <memory>
#include <string>

#include "wardian/columnar/batch.h"
#include "wardian/engine/connection.h"

namespace wardian::engine {

/// Starts `sql` and gives its rows as they are made: the engine runs at most a small buffer ahead of the reader, so a
/// result of any size needs constant memory. One open stream a connection; the connection must outlive it.
Result<std::unique_ptr<columnar::BatchStream>> start_stream(Connection::Handle& connection, const std::string& sql,
                                                            columnar::Schema schema);

}  // namespace wardian::engine

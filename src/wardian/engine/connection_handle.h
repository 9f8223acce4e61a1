#pragma once

#include <atomic>

#include "wardian/engine/connection.h"
#include "wardian/engine/handles.h"

namespace wardian::engine {

class Connection::Handle {
 public:
  explicit Handle(OwnedConnection owned) : connection(std::move(owned)) {}
  OwnedConnection connection;
  std::atomic<bool> interrupted = false;  // by us, since the last stream began
};

}  // namespace wardian::engine

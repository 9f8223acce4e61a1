#pragma once

#include "wardian/engine/connection.h"
#include "wardian/engine/handles.h"

namespace wardian::engine {

class Connection::Handle {
 public:
  explicit Handle(OwnedConnection owned) : connection(std::move(owned)) {}
  OwnedConnection connection;
};

}  // namespace wardian::engine

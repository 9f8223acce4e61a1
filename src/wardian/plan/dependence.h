#pragma once

#include <unordered_map>

#include "wardian/plan/node.h"

namespace wardian::plan {

/// Which parts of a plan read a certain Shared table; remembers what it was asked.
class Dependence {
 public:
  explicit Dependence(std::uint64_t shared_id) : id_(shared_id) {}

  bool reads(const NodePtr& node);
  bool reads(const ExprPtr& expr);

 private:
  std::uint64_t id_;
  std::unordered_map<const Node*, bool> known_;
};

}  // namespace wardian::plan

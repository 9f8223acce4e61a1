#pragma once

#include <string_view>

#include "wardian/kql/operators/projection.h"

namespace wardian::kql {

/// What mv-expand and mv-apply say alike.
struct Expansion {
  std::string_view keyword;
  const syntax::Parameters& parameters;
  const std::vector<syntax::ExpandColumn>& columns;
  const syntax::Expr* row_limit = nullptr;  // may be null
};
/// One row for each element of the arrays.
Result<NodePtr> expanded(Binder& binder, const Expansion& expansion, const NodePtr& input, const Environment& env);

}  // namespace wardian::kql

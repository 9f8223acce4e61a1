#include "wardian/kql/aggregates/aggregate_call.h"

#include <algorithm>

namespace wardian::kql {

sql::ExprPtr aggregate_call(const char* function, std::vector<sql::ExprPtr> arguments, sql::ExprPtr predicate, bool distinct) {
  return sql::make(sql::Call{function, std::move(arguments), distinct, {}, std::move(predicate)});
}

double percentage(const columnar::Value* value) {
  if (value == nullptr) return 0;
  if (const auto* real = std::get_if<double>(&value->held)) return std::clamp(*real, 0.0, 100.0);
  if (const auto* whole = std::get_if<std::int64_t>(&value->held)) return std::clamp(static_cast<double>(*whole), 0.0, 100.0);
  return 0;
}

}  // namespace wardian::kql

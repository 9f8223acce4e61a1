#pragma once

#include "wardian/kql/functions/value_forms.h"

/// SQL aggregate calls, as the rows of this folder build them.
namespace wardian::kql {

/// function(arguments) over the rows where `predicate` holds, or all of them when it is null.
sql::ExprPtr aggregate_call(const char* function, std::vector<sql::ExprPtr> arguments, sql::ExprPtr predicate = nullptr,
                            bool distinct = false);

/// The predicate of an aggregate with a condition: the argument at that place, null when there are fewer.
inline sql::ExprPtr predicate_at(const CallSite& site, std::size_t argument) {
  return argument < site.arguments.size() && site.type(argument) == Type::boolean ? site.arguments[argument] : nullptr;
}

/// (value, percentages…, which of them): one percentile of several that the engine computes together.
plan::Lowering one_percentile_of_several();

/// What a percentage argument says, within 0 to 100; 0 when it is not known.
double percentage(const columnar::Value* value);

}  // namespace wardian::kql

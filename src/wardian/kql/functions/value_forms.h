#pragma once

#include <string>
#include <vector>

#include "wardian/kql/function_table.h"
#include "wardian/sqltree/build.h"
#include "wardian/sqltree/column_type.h"

/// SQL for the forms that a value of any type takes inside other functions.
namespace wardian::kql {

namespace sql = sqltree;
using columnar::Type;
using plan::CallSite;

/// The text that tostring() and strcat() make of a value; '' of null.
sql::ExprPtr to_text(sql::ExprPtr value, Type type);
/// The value as JSON text; null stays null.
sql::ExprPtr to_json(sql::ExprPtr value, Type type);
/// The value as `to`, null where it is none: what the to…() functions do.
sql::ExprPtr to_type(sql::ExprPtr value, Type from, Type to);

inline sql::ExprPtr text_argument(const CallSite& site, std::size_t argument) {
  return to_text(site.arguments[argument], site.type(argument));
}
inline sql::ExprPtr json_argument(const CallSite& site, std::size_t argument) {
  return to_json(site.arguments[argument], site.type(argument));
}

/// An SQL string never is null in plans; what may come out null is made ''.
inline sql::ExprPtr never_null(sql::ExprPtr text) { return sql::call("coalesce", {std::move(text), sql::string("")}); }

/// A rewrite that calls an engine function with every argument as text or as JSON, whatever the types are. The name is a
/// template argument: constexpr char kName[] = "…".
template <const char* function>
sql::ExprPtr call_with_texts(const CallSite& site) {
  std::vector<sql::ExprPtr> arguments;
  for (std::size_t at = 0; at < site.arguments.size(); ++at) arguments.push_back(text_argument(site, at));
  return sql::call(function, std::move(arguments));
}
template <const char* function>
sql::ExprPtr call_with_json(const CallSite& site) {
  std::vector<sql::ExprPtr> arguments;
  for (std::size_t at = 0; at < site.arguments.size(); ++at) arguments.push_back(json_argument(site, at));
  return sql::call(function, std::move(arguments));
}

}  // namespace wardian::kql
